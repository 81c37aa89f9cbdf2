import ArgumentParser

/// `fuzz`: damaged crawls, one after another.
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Read crawls in which bytes were changed, and decode their images, for some minutes.",
    discussion: """
      Each time one file of a copy of a crawl is mutated, the crawl is read to its end, and the file put \
      back. A crash ends the command and leaves the copy; its seed and number are told as it goes. \
      Descriptors and resident memory are told from the start to the end, so that a leak shows.
      """)

  @Argument(
    help:
      "Folders of small crawls (Fixtures/crawls/formats/plain), or FOLDER/./NAME for a list or range in one."
  )
  var crawls: [String]

  @Option(help: "How long.")
  var minutes = 10.0

  @Option(help: "All mutations follow from it.")
  var seed: UInt64 = 0

  func validate() throws {
    guard minutes > 0 else { throw ValidationError("--minutes takes a number above 0.") }
  }

  func run() throws {
    var fuzzing = try CrawlFuzzing(crawls: crawls, seed: seed)
    Console.say(try fuzzing.run(seconds: minutes * 60) { Console.say([$0]) })
  }
}
