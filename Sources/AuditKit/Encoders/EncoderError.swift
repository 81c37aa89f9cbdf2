import AuditFiles
import Foundation

/// What can be wrong with a model's configuration or files.
public indirect enum EncoderError: Error, Equatable, Sendable {
  /// A field of the configuration that is none of open_clip's.
  case unknownField(String, nearest: String?)
  /// A field, or a value of it, that open_clip knows and this implementation does not.
  case unsupportedField(String, value: String)
  /// A field that must be there.
  case missingField(String)
  /// A field with a value that makes no model.
  case invalidField(String, value: String, reason: String)
  /// More parameters than a model may have.
  case modelTooLarge(parameters: Int, limit: Int)
  /// A name that is neither a preset nor a file.
  case unknownPreset(String, known: [String])
  /// Something that is not JSON where a configuration was expected.
  case malformedJSON(reason: String)
  /// A file that breaks a rule of the safetensors format.
  case malformedWeights(SafetensorsError)
  /// Weights of another model than the configuration's: one line for each tensor that differs.
  case weightsDoNotMatch([String])
  /// The system refused.
  case fileFailed(String, reason: String)

  /// An error about what is in a file.
  case inFile(String, EncoderError)
}

extension EncoderError: CustomStringConvertible, LocalizedError {
  /// The message: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unknownField(let field, let nearest):
      "unknown field \"\(field)\" in the model configuration"
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; remove it or check its spelling")
    case .unsupportedField(let field, let value):
      "the model configuration sets \"\(field)\" to \(value), which is not supported: "
        + "the towers are CLIP's ModifiedResNet, VisionTransformer and text transformer"
    case .missingField(let field):
      "the model configuration has no \"\(field)\", which it must have"
    case .invalidField(let field, let value, let reason):
      "\"\(field)\" is \(value) in the model configuration: \(reason)"
    case .modelTooLarge(let parameters, let limit):
      "the configuration makes a model of \(parameters) parameters; at most \(limit) are possible"
    case .unknownPreset(let name, let known):
      "\"\(name)\" is neither a preset (\(known.joined(separator: ", "))) nor a JSON file"
    case .malformedJSON(let reason):
      "the model configuration cannot be read: \(reason)"
    case .malformedWeights(let error):
      "not a valid safetensors file: \(error)"
    case .weightsDoNotMatch(let differences):
      "the weights are not those of the configured model:\n  "
        + differences.joined(separator: "\n  ")
    case .fileFailed(let path, let reason):
      "\(path): \(reason)"
    case .inFile(let path, let error):
      "\(path): \(error.description)"
    }
  }

  init(_ error: FileError) {
    self = .fileFailed(error.path, reason: "cannot \(error.operation): \(error.cause)")
  }

  /// The same message.
  public var errorDescription: String? { description }
}
