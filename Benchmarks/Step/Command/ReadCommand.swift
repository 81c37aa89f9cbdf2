import ArgumentParser
import Foundation

/// `read`: how fast a crawl is indexed and its images become thumbnails.
struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Measure how fast a crawl is read and its thumbnails are made.",
    discussion: """
      Reads a crawl as a scan does before it trains, twice: into an empty cache, and again with all \
      thumbnails there. Benchmarks/reading.py makes crawls for it and holds it against djpeg.
      """)

  @Argument(help: "The crawl.")
  var crawl: String

  @Option(help: "Threads that decode.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Edge of the thumbnails in pixels.")
  var edge = 64

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard threads >= 1, edge >= 1 else {
      throw ValidationError("--threads and --edge take a number from 1.")
    }
  }

  func run() throws {
    let report = try ReadMeasurement(crawl: crawl, threads: threads, edge: edge).report()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      Console.say(report.lines)
    }
  }
}
