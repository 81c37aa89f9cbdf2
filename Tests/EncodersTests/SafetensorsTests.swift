import AuditEncoders
import Foundation
import NeuralKit
import Testing

/// A safetensors file with this header and as many bytes of data.
private func file(_ header: String, data: Int = 0) -> Data {
  file(Array(header.utf8), data: data)
}

private func file(_ header: [UInt8], data: Int = 0) -> Data {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header
    + Data((0..<data).map { UInt8(truncatingIfNeeded: $0) })
}

/// Two float32 numbers.
private func entry(_ name: String, _ offsets: String) -> String {
  entry(name, "F32", "[2]", offsets)
}

private func entry(
  _ name: String, _ type: String, _ shape: String, _ offsets: String
) -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

@Suite("Each rule of the safetensors format refuses the file that breaks it")
struct SafetensorsRuleTests {
  private func expect(
    _ error: SafetensorsError, _ data: Data, location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: location) { try SafetensorsFile(data) }
  }

  /// The header is refused at this byte, whatever the words.
  private func expectMalformed(
    _ header: [UInt8], at offset: Int, location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: SafetensorsError.self, sourceLocation: location) {
      try SafetensorsFile(file(header))
    }
    guard case .malformedHeader(offset, _) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: location)
      return
    }
  }

  private func expectMalformed(
    _ header: String, at offset: Int, location: SourceLocation = #_sourceLocation
  ) {
    expectMalformed(Array(header.utf8), at: offset, location: location)
  }

  @Test func headerLengthIsThere() {
    expect(.tooShort(bytes: 0), Data())
    expect(.tooShort(bytes: 7), Data(repeating: 0, count: 7))
  }

  @Test func headerFitsIntoTheFile() {
    expect(.headerTooLong(3), Data([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]))
    expect(.headerTooLong(.max), Data(repeating: 0xFF, count: 8) + Data("{}".utf8))
    expect(.headerTooLong(1 << 63), Data([0, 0, 0, 0, 0, 0, 0, 0x80]) + Data("{}".utf8))
  }

  @Test func headerIsNotEndless() {
    var long = file("{}")
    long[4] = 1  // 4 GiB and two bytes
    expect(.headerTooLong(1 << 32 + 2), long)
  }

  @Test func headerIsAnObject() {
    expectMalformed("", at: 0)
    expectMalformed("[]", at: 0)
    expectMalformed("{", at: 1)
    expectMalformed("{\"a\"}", at: 4)
    expectMalformed("{}x", at: 2)
    expectMalformed("{\"a\":1}", at: 5)
    expectMalformed("{,}", at: 1)
  }

  @Test func stringsAreUTF8AndClosed() {
    expectMalformed([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7B, 0x7D, 0x7D], at: 4)
    expectMalformed("{\"a", at: 3)
    expectMalformed("{\"\n\":{}}", at: 3)
    expectMalformed("{\"\\x\":{}}", at: 4)
    expectMalformed("{\"\\uD800\":{}}", at: 8)
    expectMalformed("{\"\\u12G4\":{}}", at: 4)
  }

  @Test func numbersAreWholeAndFit() {
    expectMalformed("{\(entry("a", "F32", "[-1]", "[0,0]"))}", at: 29)
    expectMalformed("{\(entry("a", "F32", "[1.5]", "[0,4]"))}", at: 30)
    expectMalformed("{\(entry("a", "F32", "[01]", "[0,4]"))}", at: 31)
    expectMalformed("{\(entry("a", "F32", "[99999999999999999999]", "[0,4]"))}", at: 47)
  }

  @Test func namesStandOnce() {
    let first = entry("a", "[0,8]")
    expect(.duplicateName("a"), file("{\(first),\(entry("a", "[8,16]"))}", data: 16))
    expect(
      .duplicateName("a"), file("{\(first),\(entry("\\u0061", "[8,16]"))}", data: 16))
    expect(.duplicateName("__metadata__"), file("{\"__metadata__\":{},\"__metadata__\":{}}"))
    expect(.duplicateName("k"), file("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}"))
    expect(
      .duplicateName("a.dtype"), file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"))
  }

  @Test func entriesAreComplete() {
    expect(.malformedEntry("a", reason: "no dtype"), file("{\"a\":{}}"))
    expect(.malformedEntry("a", reason: "no shape"), file("{\"a\":{\"dtype\":\"F32\"}}"))
    expect(
      .malformedEntry("a", reason: "no two data_offsets"),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}"))
    expect(
      .malformedEntry("a", reason: "no two data_offsets"),
      file("{\(entry("a", "[0,4,8]"))}", data: 8))
    expect(
      .malformedEntry("a", reason: "unknown field \"extra\""), file("{\"a\":{\"extra\":1}}"))
  }

  @Test func typesAreKnown() {
    expect(
      .unknownType("a", type: "F33"), file("{\(entry("a", "F33", "[2]", "[0,8]"))}", data: 8))
    expect(
      .unknownType("a", type: "F64"), file("{\(entry("a", "F64", "[1]", "[0,8]"))}", data: 8))
  }

  @Test func sizesDoNotOverflow() {
    let huge = "[4294967296,4294967296,4294967296]"
    expect(.shapeOverflow("a"), file("{\(entry("a", "F32", huge, "[0,8]"))}", data: 8))
    expect(
      .shapeOverflow("a"),
      file("{\(entry("a", "F32", "[\(Int.max)]", "[0,8]"))}", data: 8))
  }

  @Test func offsetsSpanWhatShapeAndTypeNeed() {
    expect(
      .sizeMismatch("a", expected: 8, found: 4), file("{\(entry("a", "[0,4]"))}", data: 4))
    expect(
      .sizeMismatch("a", expected: 4, found: 8),
      file("{\(entry("a", "F16", "[2]", "[0,8]"))}", data: 8))
  }

  @Test func offsetsLieInTheData() {
    expect(.offsetsOutOfRange("a"), file("{\(entry("a", "[8,0]"))}", data: 8))
    expect(.offsetsOutOfRange("a"), file("{\(entry("a", "[0,8]"))}", data: 7))
    expect(
      .offsetsOutOfRange("a"),
      file("{\(entry("a", "F32", "[2]", "[\(Int.max - 8),\(Int.max)]"))}", data: 8))
  }

  @Test func dataHasNoGapsAndOverlaps() {
    expect(.gapOrOverlap("a"), file("{\(entry("a", "[4,12]"))}", data: 12))
    expect(
      .gapOrOverlap("b"), file("{\(entry("a", "[0,8]")),\(entry("b", "[12,20]"))}", data: 20))
    expect(
      .gapOrOverlap("b"), file("{\(entry("a", "[0,8]")),\(entry("b", "[4,12]"))}", data: 12))
    expect(
      .gapOrOverlap("b"), file("{\(entry("a", "[0,8]")),\(entry("b", "[0,8]"))}", data: 8))
  }

  @Test func dataIsCoveredToItsEnd() {
    expect(.trailingBytes(1), file("{\(entry("a", "[0,8]"))}", data: 9))
    expect(.trailingBytes(5), file("{}", data: 5))
  }
}

@Suite("A safetensors file")
struct SafetensorsFileTests {
  private static let temporary = FileManager.default.temporaryDirectory

  private func sample() throws -> (Data, [String: [Float]]) {
    let url = Self.temporary.appendingPathComponent("sample-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    var writer = SafetensorsWriter()
    writer.metadata = ["format": "pt", "odd \"key\"\n": "wert \u{1F600} \\ \u{1}"]
    writer.add("matrix", Tensor([1, -2.5, 3e-38, .infinity, 0, 7], shape: [2, 3]))
    writer.add("scalar", Tensor([4], shape: []))
    writer.add("empty", Tensor([], shape: [0, 5]))
    writer.add("Ünicode/\"", Tensor([9, 8], shape: [2]))
    writer.add("counts", [-1, 1 << 40], shape: [2])
    try writer.write(to: url)
    return (
      try Data(contentsOf: url),
      [
        "matrix": [1, -2.5, 3e-38, .infinity, 0, 7], "scalar": [4], "empty": [],
        "Ünicode/\"": [9, 8],
      ]
    )
  }

  @Test("is read as it was written")
  func roundTrip() throws {
    let (data, values) = try sample()
    let file = try SafetensorsFile(data)
    #expect(Set(file.names) == Set(values.keys).union(["counts"]))
    for (name, expected) in values { #expect(try file.tensor(name).scalars == expected) }
    #expect(file.shape(of: "matrix") == [2, 3] && file.shape(of: "scalar") == [])
    #expect(file.shape(of: "empty") == [0, 5] && file.shape(of: "nothing") == nil)
    #expect(try file.integers("counts") == [-1, 1 << 40])
    #expect(file.metadata == ["format": "pt", "odd \"key\"\n": "wert \u{1F600} \\ \u{1}"])
    #expect((8 + Int(data[0]) + Int(data[1]) << 8) % 8 == 0, "data starts on a word")
  }

  @Test("says which tensor is not there, and which is not of whole numbers")
  func missingTensors() throws {
    let file = try SafetensorsFile(try sample().0)
    #expect(throws: SafetensorsError.noSuchTensor("x")) { try file.tensor("x") }
    #expect(throws: SafetensorsError.noSuchTensor("x")) { try file.integers("x") }
    #expect(throws: SafetensorsError.unknownType("matrix", type: "F32")) {
      try file.integers("matrix")
    }
  }

  @Test("widens half precision and bfloat16 exactly")
  func halfPrecision() throws {
    // 1, -2, the smallest subnormal and the largest number of each type.
    let half: [UInt8] = [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0xFF, 0x7B]
    let brain: [UInt8] = [0x80, 0x3F, 0x00, 0xC0, 0x01, 0x00, 0x7F, 0x7F]
    let header =
      "{\(entry("half", "F16", "[4]", "[0,8]")),\(entry("brain", "BF16", "[4]", "[8,16]"))}"
    let file = try SafetensorsFile(file(header) + half + brain)
    #expect(try file.tensor("half").scalars == [1, -2, 0x1p-24, 65504])
    #expect(
      try file.tensor("brain").scalars == [1, -2, Float(bitPattern: 0x1_0000), 0x1.FEp127])
  }

  @Test("reads 32-bit integers with their sign")
  func integers() throws {
    let data =
      file("{\(entry("n", "I32", "[2]", "[0,8]"))}") + [0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0]
    #expect(try SafetensorsFile(data).integers("n") == [-1, 2])
    #expect(try SafetensorsFile(data).tensor("n").scalars == [-1, 2])
  }

  @Test("is read from a slice of other data")
  func slices() throws {
    let (data, values) = try sample()
    let padded = Data([1, 2, 3]) + data
    let file = try SafetensorsFile(padded.dropFirst(3))
    #expect(try file.tensor("matrix").scalars == values["matrix"])
  }

  @Test("is refused when cut at any byte")
  func cuts() throws {
    let (data, _) = try sample()
    for length in 0..<data.count {
      #expect(throws: SafetensorsError.self, "\(length) bytes") {
        try SafetensorsFile(data.prefix(length))
      }
    }
  }

  @Test(
    "is refused or read, never trusted, when bytes are changed", arguments: 0..<4 as Range<UInt64>)
  func mutations(_ seed: UInt64) throws {
    let (data, _) = try sample()
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<2_000 {
      var changed = data
      for _ in 0...generator.index(below: 3) {
        changed[generator.index(below: data.count)] = UInt8(generator.index(below: 256))
      }
      do {
        let file = try SafetensorsFile(changed)
        for name in file.names { _ = try file.tensor(name).scalars }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1_000, "seed \(seed)")
  }

  @Test("names the file that cannot be opened or read")
  func errorsNameTheFile() throws {
    let missing = Self.temporary.appendingPathComponent("no-such-\(UUID().uuidString)")
    let error = #expect(throws: EncoderError.self) { try SafetensorsFile(contentsOf: missing) }
    #expect(error?.description.contains(missing.path) == true)
    let broken = Self.temporary.appendingPathComponent("broken-\(UUID().uuidString)")
    try Data([1, 2]).write(to: broken)
    defer { try? FileManager.default.removeItem(at: broken) }
    #expect(
      throws: EncoderError.inFile(broken.path, .malformedWeights(.tooShort(bytes: 2)))
    ) { try SafetensorsFile(contentsOf: broken) }
  }
}
