import Foundation

extension CaptionText {
  /// The caption in a field of a JSON object; nil where the object has no text there.
  static func text(
    inField field: String, ofJSON bytes: [UInt8], limit: Int
  ) throws(RecordFault) -> String? {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)) else {
      throw RecordFault(reason: .malformedJSON, message: "the .json member is not JSON")
    }
    guard let object = value as? [String: Any] else {
      throw RecordFault(reason: .malformedJSON, message: "the .json member is not a JSON object")
    }
    guard let caption = object[field] as? String else { return nil }
    return try text(caption, limit: limit)
  }
}
