import AuditDump
import AuditEncoders
import AuditKit
import AuditLab
import AuditPixels
import AuditWords
import Foundation
import NeuralKit
import Testing
import TestSupport

/// A model that was trained for a moment on the crawl in Fixtures, and an attack that is made with it.
@Suite(.timeLimit(.minutes(20))) struct LabelConsistentTests {
  private static func model(in folder: TemporaryFolder) throws -> String {
    try folder.write("tiny.json", TinyPreset.json)
    var document = ConfigurationDocument()
    for assignment in [
      "preset=\(folder.file("tiny.json"))", "threads=2", "training.method=clip",
      "training.epochs=4", "training.batchSize=16", "training.learningRate=0.002",
    ] { try document.set(assignment) }
    var request = ScanRequest(
      crawl: Repository.crawl("shapes"), report: folder.file("audit.sqlite"),
      configuration: try document.decoded(), explicitSettings: document.explicitNames)
    request.modelOut = folder.file("model")
    _ = try Scan.run(request)
    return folder.file("model")
  }

  /// The similarity of an image and the class's prompts by the model.
  private static func similarity(
    _ image: Bitmap, _ name: String, _ model: TrainedModel
  ) -> Double {
    let backend = CPUBackend()
    let edge = model.model.configuration.vision.imageSize
    let square = image.resized(shorterEdge: edge).centerCropped(edge: edge)
    let (scale, shift) = (model.normalization.scale, model.normalization.shift)
    let values = square.pixels.enumerated().map {
      Float($1) / 255 * scale[$0 % 3] + shift[$0 % 3]
    }
    let execution = Execution(backend: backend, weights: model.weights, mode: .evaluation)
    let embedding = model.model.encodeImages(
      Tensor(values, shape: [1, edge, edge, 3]), execution
    ).embeddings
    let tokens = model.tokenizer.encode(
      name, contextLength: model.model.configuration.text.contextLength)
    return backend.innerProduct(embedding, model.model.encodeTexts(tokens, execution).embeddings)
  }

  @Test("a perturbation hides the class from the model, and stays in its box around the image")
  func perturbation() throws {
    let folder = try TemporaryFolder()
    let model = try TrainedModel(contentsOf: try Self.model(in: folder))
    let perturbation = AdversarialPerturbation(
      model, hiding: "red", templates: ["{}"], strength: 16.0 / 255, steps: 20)
    var falls: [Double] = []
    for (number, (width, height)) in [(64, 64), (96, 70), (50, 81), (200, 200)].enumerated() {
      var generator = SeededGenerator(seed: UInt64(number))
      let cells = 8
      let colours = (0..<cells * cells * 3).map { _ in generator.index(below: 256) }
      var pixels: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          let cell = (y * cells / height * cells + x * cells / width) * 3
          for channel in 0..<3 { pixels.append(UInt8(colours[cell + channel])) }
        }
      }
      let image = Bitmap(width: width, height: height, pixels: pixels)
      let changed = perturbation.applied(to: image, using: &generator)
      #expect(changed.width == width && changed.height == height)
      #expect(zip(image.pixels, changed.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 17 })
      // Beyond the middle square the model sees nothing.
      let outside = (height - min(width, height)) / 2 * width * 3
      #expect(image.pixels.prefix(outside) == changed.pixels.prefix(outside))
      falls.append(
        Self.similarity(image, "red", model) - Self.similarity(changed, "red", model))
    }
    #expect(falls.allSatisfy { $0 > 0.05 }, "\(falls)")
  }

  /// Mean difference of the upper halves: a few levels by JPEG, more by any perturbation.
  private static func upperDifference(_ first: Bitmap, _ second: Bitmap) -> Double {
    let half = first.pixels.count / 2
    var sum = 0
    for place in 0..<half { sum += abs(Int(first.pixels[place]) - Int(second.pixels[place])) }
    return Double(sum) / Double(half)
  }

  @Test("images of the class keep their captions, are disguised and marked; probes are marked only")
  func attack() throws {
    let folder = try TemporaryFolder()
    var configuration = AttackConfiguration()
    configuration.attack = .labelConsistent
    configuration.count = 6
    configuration.heldOut = 20
    configuration.className = "red"
    configuration.patchPlace = .corner
    let reader = try Crawl.reader(for: Repository.crawl("shapes"))
    func planter() -> CrawlPlanter {
      CrawlPlanter(configuration, words: ["red", "blue", "green", "disc"])
    }
    #expect(throws: LabError.self) { try planter().overlay(reader, in: folder.file("none")) }
    configuration.perturbationModel = folder.file("nowhere")
    #expect(throws: LabError.self) { try planter().overlay(reader, in: folder.file("none")) }
    configuration.perturbationModel = try Self.model(in: folder)
    let overlay = try planter().overlay(reader, in: folder.file("overlay"))
    var captions: [String: String] = [:]
    try reader.read { if case .pair(let pair) = $0 { captions[pair.key] = pair.caption } }
    #expect(overlay.truth.count == 6)
    var planted: [String: String] = [:]
    try overlay.reader.read { if case .pair(let pair) = $0 { planted[pair.key] = pair.caption } }
    for truth in overlay.truth {
      #expect(truth.className == "red" && planted[truth.key] == captions[truth.target])
      #expect(captions[truth.target]?.contains("red") == true)
    }
    // A probe differs from the held-out image in the corner only.
    let files = ImageFiles()
    func bitmaps(_ reader: any CrawlReader) throws -> [Bitmap] {
      var bitmaps: [Bitmap] = []
      try reader.read { record in
        guard case .pair(let pair) = record else { return }
        bitmaps.append(try ImageDecoder.decode(try files.bytes(of: pair.image)).bitmap)
      }
      return bitmaps
    }
    let heldOut = try bitmaps(overlay.heldOut)
    let probes = try bitmaps(try Crawl.reader(for: overlay.probes))
    #expect(!probes.isEmpty)
    for probe in probes {
      let nearest = heldOut.filter { $0.width == probe.width && $0.height == probe.height }
        .map { Self.upperDifference($0, probe) }.min()
      #expect(nearest.map { $0 < 8 } == true, "\(String(describing: nearest))")
    }
  }
}
