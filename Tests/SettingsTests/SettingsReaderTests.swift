import AuditSettings
import Foundation
import Testing

private struct Example: Decodable, Equatable {
  var size = 3
  var path: String? = "here"
  var lowest = 0.25
  var highest = 0.75

  enum CodingKeys: String, CodingKey, CaseIterable { case size, path, lowest, highest }

  init() {}

  init(from decoder: any Decoder) throws {
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.size, into: &size, 1...9)
    try values.read(.path, into: &path)
    try values.readRange(.lowest, into: &lowest, .highest, into: &highest, 0...1)
  }
}

struct SettingsReaderTests {
  private func read(_ json: String) throws -> Example {
    try JSONDecoder().decode(Example.self, from: Data(json.utf8))
  }

  private func complaint(_ json: String) -> DecodingError.Context? {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([String: Example].self, from: Data(#"{"group": \#(json)}"#.utf8))
    }
    guard case .dataCorrupted(let context) = error else { return nil }
    return context
  }

  @Test func missingKeysKeepTheirDefaults() throws {
    #expect(try read("{}") == Example())
    var expected = Example()
    expected.size = 9
    #expect(try read(#"{"size": 9}"#) == expected)
  }

  @Test func nullKeepsADefaultAndClearsAnOptional() throws {
    var expected = Example()
    expected.path = nil
    #expect(try read(#"{"size": null, "path": null}"#) == expected)
    expected.path = "there"
    #expect(try read(#"{"path": "there"}"#) == expected)
  }

  @Test func anUnknownKeyIsRefusedWithItsPathAndTheNearestName() {
    #expect(
      complaint(#"{"siez": 4}"#)?.debugDescription
        == "unknown setting 'group.siez': did you mean 'size'?")
  }

  @Test func anUnknownKeyLikeNoOtherIsRefusedWithAllNames() {
    #expect(
      complaint(#"{"zzzzzzzz": 4}"#)?.debugDescription
        == "unknown setting 'group.zzzzzzzz': known here are size, path, lowest, highest")
  }

  @Test(arguments: [
    (#"{"size": 0}"#, "'size' is 0, and must lie in 1...9", "size"),
    (#"{"size": 10}"#, "'size' is 10, and must lie in 1...9", "size"),
    (#"{"highest": 1.5}"#, "'highest' is 1.5, and must lie in 0.0...1.0", "highest"),
    (
      #"{"lowest": 0.5, "highest": 0.25}"#, "'lowest' is 0.5, above 'highest', which is 0.25",
      "lowest"
    ),
    (#"{"lowest": 0.875}"#, "'lowest' is 0.875, above 'highest', which is 0.75", "lowest"),
  ])
  func aValueOutOfRangeIsRefusedAtItsKey(_ json: String, _ words: String, _ key: String) {
    let context = complaint(json)
    #expect(context?.debugDescription == words)
    #expect(context?.codingPath.map(\.stringValue) == ["group", key])
  }

  @Test(arguments: [#"{"size": "big"}"#, #"{"path": 3}"#, "[]", "3"])
  func aWrongTypeIsRefused(_ json: String) {
    #expect(throws: DecodingError.self) { try read(json) }
  }
}
