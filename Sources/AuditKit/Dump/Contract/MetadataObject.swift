import Foundation

/// A JSON object of a crawl: what stands beside an image, or in a line of a list.
struct MetadataObject {
  private let fields: [String: Any]

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
  }

  private static func value(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes))
  }

  /// The text of the first of some fields that has one.
  func text(_ names: [String]) -> String? {
    for name in names {
      if let text = fields[name] as? String { return text }
    }
    return nil
  }

  /// Names of the fields, sorted.
  var names: [String] { fields.keys.sorted() }

  /// What it tells of where the pair came from.
  var origin: PairOrigin? {
    PairOrigin { name in
      switch fields[name] {
      case let text as String: text
      case let number as NSNumber: "\(number)"
      default: nil
      }
    }
  }
}
