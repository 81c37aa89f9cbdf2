import Foundation

/// A JSON object of a crawl: what stands beside an image, or in a line of a list.
struct MetadataObject {
  private let fields: [String: Any]
  /// Names that are not in lower case, by their spelling in lower case.
  private let nameOfLowered: [String: String]

  /// Reads what Python writes, too, which JSON does not have (`LenientJSON`).
  ///
  /// - Throws: `RecordFault` for what is no JSON object; `what` names it.
  init(_ bytes: [UInt8], what: String) throws(RecordFault) {
    guard let value = Self.value(bytes) ?? LenientJSON.repaired(bytes).flatMap(Self.value) else {
      throw RecordFault(reason: .malformedJSON, message: "\(what) is not JSON")
    }
    guard let fields = value as? [String: Any] else {
      throw RecordFault(reason: .malformedJSON, message: "\(what) is not a JSON object")
    }
    self.fields = fields
    nameOfLowered = Dictionary(
      fields.keys.filter { $0.utf8.contains { 0x41...0x5A ~= $0 } }.map { ($0.lowercased(), $0) },
      uniquingKeysWith: min)
  }

  private static func value(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes))
  }

  /// The text of the first of some fields that has more than white space; else of the first that has any.
  ///
  /// Fields that are spelled as asked go before those that differ in case.
  func text(_ names: [String]) -> String? {
    let exact = names.lazy.compactMap { Self.text(fields[$0]) }
    let similar = names.lazy.compactMap { Self.text(valueInAnyCase($0)) }
    func isTold(_ text: String) -> Bool {
      text.unicodeScalars.contains { $0.value > 32 && !$0.properties.isWhitespace }
    }
    return exact.first(where: isTold) ?? similar.first(where: isTold) ?? exact.first
      ?? similar.first
  }

  /// A text, or the path in an object that Hugging Face's tables have for an image.
  private static func text(_ value: Any?) -> String? {
    value as? String ?? (value as? [String: Any])?["path"] as? String
  }

  private func valueInAnyCase(_ name: String) -> Any? {
    let lowered = name.lowercased()
    return fields[lowered] ?? nameOfLowered[lowered].flatMap { fields[$0] }
  }

  /// Names of the fields, sorted.
  var names: [String] { fields.keys.sorted() }

  /// What it tells of where the pair came from.
  var origin: PairOrigin? {
    PairOrigin { name in
      switch fields[name] ?? valueInAnyCase(name) {
      case let text as String: text
      case let number as NSNumber: "\(number)"
      default: nil
      }
    }
  }
}
