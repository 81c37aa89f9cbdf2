import AuditDump
import AuditFiles
import Foundation
import NeuralKit

/// Labelled images of the user's, in a folder for each class, that a model is measured on beside what the crawl holds
/// out.
package struct ImageClassFolder: Sendable {
  /// Names of the classes, ascending: the folders' with spaces for underscores.
  package let classNames: [String]
  /// Images that a linear probe learns from; a caption is the image's class.
  package let training: [Pair]
  /// Images to measure on.
  package let test: [Pair]

  /// Reads `path/train/CLASS/` and `path/test/CLASS/`, or else `path/CLASS/`.
  ///
  /// Of the latter's images `seed` draws half for the probe to learn from. Other folders beside `train` and `test`, and
  /// files whose names begin with a dot, are left out.
  /// - Throws: `LabError.unusableLabels` where there are fewer than two classes, or where one has no image to learn
  ///   from or to measure on.
  package init(path: String, seed: UInt64) throws(LabError) {
    let parts = Self.folders(in: path)
    let isDivided = Set(parts).isSuperset(of: ["test", "train"])
    let classes =
      isDivided
      ? Set(["test", "train"].flatMap { Self.folders(in: Folder.join(path, $0)) }).sorted() : parts
    guard classes.count > 1 else {
      throw .unusableLabels(
        path: path, reason: "it needs a folder for each class, at least two, and has \(classes)")
    }
    var generator = SeededGenerator(seed: seed, 0xC1A55)
    var (training, test): ([Pair], [Pair]) = ([], [])
    for folder in classes {
      let (learned, measured): ([Pair], [Pair])
      if isDivided {
        learned = Self.images(of: folder, in: Folder.join(path, "train"))
        measured = Self.images(of: folder, in: Folder.join(path, "test"))
      } else {
        let all = Self.images(of: folder, in: path)
        let order = generator.permutation(all.count).map { all[Int($0)] }
        learned = Array(order.prefix(all.count / 2))
        measured = Array(order.dropFirst(all.count / 2))
      }
      guard !learned.isEmpty, !measured.isEmpty else {
        throw .unusableLabels(
          path: path, reason: "the class '\(folder)' needs images to learn from and to measure on")
      }
      training += learned
      test += measured
    }
    classNames = Set(classes.map(Self.className)).sorted()
    self.training = training
    self.test = test
  }

  /// As prompts say it.
  private static func className(_ folder: String) -> String { folder.replacing("_", with: " ") }

  private static func folders(in path: String) -> [String] {
    names(in: path).filter { Folder.isFolder(Folder.join(path, $0)) }
  }

  private static func images(of folder: String, in path: String) -> [Pair] {
    let own = Folder.join(path, folder)
    return names(in: own).filter { !Folder.isFolder(Folder.join(own, $0)) }.map { name in
      Pair(
        key: "\(path)/\(folder)/\(name)", caption: className(folder),
        image: ImageSource(file: Folder.join(own, name)))
    }
  }

  private static func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
