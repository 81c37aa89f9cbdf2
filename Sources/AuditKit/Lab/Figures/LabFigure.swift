import Foundation

/// A figure of results, drawn by gnuplot (Debian's gnuplot-nox).
public struct LabFigure: Sendable, Equatable {
  /// What a figure is written as.
  public enum Format: String, CaseIterable, Sendable {
    /// Lines that scale.
    case svg
    /// Pixels.
    case png

    fileprivate var terminal: String {
      switch self {
      case .svg: "svg size 840,480 dynamic noenhanced background rgb 'white'"
      case .png: "pngcairo size 1260,720 noenhanced fontscale 1.4"
      }
    }
  }

  /// The file's name without its ending.
  public private(set) var name: String
  /// gnuplot's commands, without terminal and output.
  let commands: String

  init(name: String, commands: String) {
    self.name = String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" })
    self.commands = commands
  }

  /// All figures of a lab's trials, no two of one name.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public static func all(
    _ groups: [TrialGroup], in store: LabStore
  ) throws(LabError) -> [LabFigure] {
    var figures = epochs(groups) + safeSets(groups)
    for group in groups { figures += try similarities(group, in: store) }
    // Methods whose names differ in signs only are alike in the names of files.
    var names: Set<String> = []
    for index in figures.indices {
      let name = figures[index].name
      var number = 1
      while !names.insert(figures[index].name).inserted {
        number += 1
        figures[index].name = "\(name)-\(number)"
      }
    }
    return figures
  }

  /// Writes the figure into a folder and returns its path.
  ///
  /// - Throws: `LabError.undrawable` where gnuplot is not installed or refuses.
  @discardableResult
  public func draw(in folder: String, format: Format = .svg) throws(LabError) -> String {
    let path = "\(folder)/\(name).\(format.rawValue)"
    try Self.run(
      """
      set terminal \(format.terminal)
      set output \(Self.quoted(path))
      set key outside right top
      set grid
      \(commands)
      """, for: path)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .undrawable(path: path, reason: "gnuplot wrote nothing there")
    }
    return path
  }

  /// A text for gnuplot, in which no character has a meaning.
  static func quoted(_ text: String) -> String {
    let line = text.filter { !$0.isNewline }
    return "'" + line.replacing("'", with: "''") + "'"
  }

  /// A block of data under a name, one line a row.
  static func block(_ name: String, _ rows: [[Double?]]) -> String {
    let lines = rows.map { row in row.map { $0.map { "\($0)" } ?? "?" }.joined(separator: " ") }
    return "$\(name) << END\n\(lines.joined(separator: "\n"))\nEND\n"
  }

  private static func run(_ script: String, for path: String) throws(LabError) {
    // A file: writing to the pipe of a gnuplot that has ended would end this process too.
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).gnuplot")
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gnuplot", file.path()]
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do {
      try Data(script.utf8).write(to: file)
      try process.run()
    } catch {
      throw .undrawable(path: path, reason: "gnuplot does not start (\(error))")
    }
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return
    case 127: throw .undrawable(path: path, reason: "gnuplot is missing: apt install gnuplot-nox")
    default:
      let reason = String(decoding: said, as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
      throw .undrawable(path: path, reason: "gnuplot says: \(reason)")
    }
  }
}
