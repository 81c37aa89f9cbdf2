import AuditEncoders
import Foundation
import NeuralKit
import Testing

@Suite("A model's folder")
struct ModelFolderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("model-\(UUID().uuidString)")

  private func model(
    seed: UInt64, _ configuration: CLIPConfiguration = ModelTests.smallResNet
  ) throws -> ModelFolder {
    let model = try CLIPModel(configuration)
    let weights = model.initialWeights(seed: seed)
    for index in 0..<weights.buffers.flat.count where weights.buffers.flat[element: index] == 1 {
      weights.buffers.flat[element: index] = Float(index)
    }
    return ModelFolder(
      model: model, weights: weights,
      preprocessing: PreprocessingConfiguration(mean: [0.5, 0.25, 0.125], resizeMode: "squash"))
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  @Test("is opened as it was saved", arguments: [ModelTests.small, ModelTests.smallResNet])
  func roundTrip(_ configuration: CLIPConfiguration) throws {
    defer { remove() }
    let saved = try model(seed: 4, configuration)
    try saved.save(to: folder, with: ["tokenizer.txt": Data("words".utf8)])
    let opened = try ModelFolder(contentsOf: folder)
    #expect(opened.model.configuration == configuration)
    #expect(opened.preprocessing == saved.preprocessing)
    #expect(opened.weights.parameters.flat.scalars == saved.weights.parameters.flat.scalars)
    #expect(opened.weights.buffers.flat.scalars == saved.weights.buffers.flat.scalars)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      names.sorted() == ["open_clip_config.json", "open_clip_model.safetensors", "tokenizer.txt"])
  }

  @Test("holds the names and types that PyTorch's strict loading asks for")
  func namesAndTypes() throws {
    defer { remove() }
    try model(seed: 4).save(to: folder)
    let file = try SafetensorsFile(
      contentsOf: folder.appendingPathComponent(ModelFolder.weightsName))
    // What open_clip itself wrote for a model of the same kind.
    let golden = try GoldenCase(name: "deep-resnet").weights()
    func kinds(_ file: SafetensorsFile) -> Set<String> {
      Set(file.names.map { $0.split(separator: ".").last.map(String.init) ?? $0 })
    }
    #expect(kinds(file) == kinds(golden))
    #expect(file.metadata["format"] == "pt")
    #expect(try file.integers("visual.bn1.num_batches_tracked") == [0])
  }

  @Test("is replaced as a whole, files of the old one included")
  func replacement() throws {
    defer { remove() }
    try model(seed: 1).save(to: folder, with: ["old.txt": Data()])
    let second = try model(seed: 2, ModelTests.small)
    try second.save(to: folder)
    let opened = try ModelFolder(contentsOf: folder)
    #expect(opened.weights.parameters.flat.scalars == second.weights.parameters.flat.scalars)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains("old.txt"))
    let siblings = try FileManager.default.contentsOfDirectory(
      atPath: folder.deletingLastPathComponent().path)
    #expect(!siblings.contains { $0.contains(folder.lastPathComponent) && $0.hasPrefix(".") })
  }

  @Test(
    "is not replaced by one that cannot be written, and what a killed process left does no harm")
  func failedReplacement() throws {
    defer { remove() }
    try model(seed: 1).save(to: folder)
    let left = folder.deletingLastPathComponent()
      .appendingPathComponent(".\(folder.lastPathComponent).partial")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    try Data("half".utf8).write(to: left.appendingPathComponent("half.txt"))
    #expect(throws: EncoderError.self) {
      try model(seed: 2).save(to: folder, with: ["no/such/folder": Data()])
    }
    #expect(
      try ModelFolder(contentsOf: folder).weights.parameters.flat.scalars
        == model(seed: 1).weights.parameters.flat.scalars)
    try model(seed: 3).save(to: folder)
    #expect(!FileManager.default.fileExists(atPath: left.path))
  }

  @Test("a file in its place is an error, not overwritten")
  func fileInPlace() throws {
    defer { remove() }
    try Data("mine".utf8).write(to: folder)
    #expect(throws: EncoderError.self) { try model(seed: 1).save(to: folder) }
    #expect(try Data(contentsOf: folder) == Data("mine".utf8))
  }

  @Test("weights of another model are refused, each difference with name and shapes")
  func strictMatching() throws {
    let small = try CLIPModel(ModelTests.smallResNet)
    var writer = SafetensorsWriter()
    small.add(small.initialWeights(seed: 1), to: &writer)
    writer.add("extra.weight", Tensor([1], shape: [1]))
    writer.add("attn_mask", Tensor([1], shape: [1]))
    let url = folder.appendingPathExtension("safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try writer.write(to: url)
    var configuration = ModelTests.smallResNet
    configuration.embeddingWidth = 17
    configuration.vision.layers = .resNet([1, 2, 2, 1])
    let error = #expect(throws: EncoderError.self) {
      try CLIPModel(configuration).weights(from: try SafetensorsFile(contentsOf: url))
    }
    guard case .weightsDoNotMatch(let differences) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(differences.contains("text_projection: expected [24, 17], found [24, 16]"))
    #expect(
      differences.contains("visual.layer3.1.conv1.weight: missing, expected [32, 128, 1, 1]"))
    #expect(differences.contains("extra.weight: not a part of this model"))
    #expect(!differences.contains { $0.contains("attn_mask") || $0.contains("tracked") })
  }

  @Test("errors name the file at fault")
  func errorsNameTheFile() throws {
    defer { remove() }
    #expect(throws: EncoderError.self) { try ModelFolder(contentsOf: folder) }
    try model(seed: 1).save(to: folder)
    let configuration = folder.appendingPathComponent(ModelFolder.configurationName)
    try Data("{\"model_cfg\": {\"embed_dim\": 8}}".utf8).write(to: configuration)
    #expect(throws: EncoderError.inFile(configuration.path, .missingField("model_cfg.vision_cfg")))
    {
      try ModelFolder(contentsOf: folder)
    }
    try Data(
      "{\"model_cfg\": {\"embed_dim\": 8, \"vision_cfg\": {}, \"text_cfg\": {}},\"preprocess_cfg\": {\"std\": [1, 0, 1]}}"
        .utf8
    ).write(to: configuration)
    let error = #expect(throws: EncoderError.self) { try ModelFolder(contentsOf: folder) }
    #expect(error?.description.contains("preprocess_cfg.std") == true)
  }
}
