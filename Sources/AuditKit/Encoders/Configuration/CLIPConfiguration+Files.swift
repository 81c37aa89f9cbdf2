import AuditFiles
import Foundation

extension CLIPConfiguration {
  /// Reads and validates open_clip's JSON.
  ///
  /// - Throws: `EncoderError`, which names the field.
  public init(json: Data) throws(EncoderError) {
    do {
      self = try JSONDecoder().decode(CLIPConfiguration.self, from: json)
    } catch let error as EncoderError {
      throw error
    } catch let error as DecodingError {
      throw EncoderError(error)
    } catch {
      throw .malformedJSON(reason: "\(error)")
    }
    try validate()
  }

  /// Reads and validates a JSON file.
  ///
  /// - Throws: `EncoderError`, which names the file and the field.
  public init(contentsOf file: URL) throws(EncoderError) {
    let data: Data
    do {
      data = try ReadableFolders.contents(of: file.path)
    } catch {
      throw .fileFailed(file.path, reason: error.localizedDescription)
    }
    do {
      try self.init(json: data)
    } catch {
      throw .inFile(file.path, error)
    }
  }

  /// Open_clip's JSON, indented, keys sorted.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

extension EncoderError {
  /// The same complaint with the field's name in front.
  init(_ error: DecodingError) {
    func field(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue)
        .joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      self = .missingField(field(context, key))
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      self = .invalidField(
        field(context), value: "of another type",
        reason: "expected \(type == Int.self ? "a whole number" : "\(type)")")
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      self = .invalidField(
        field(context), value: "out of range", reason: context.debugDescription)
    case .dataCorrupted(let context):
      self = .malformedJSON(reason: context.debugDescription)
    @unknown default:
      self = .malformedJSON(reason: "\(error)")
    }
  }
}
