/// The rule of the safetensors format that a file breaks.
public indirect enum SafetensorsError: Error, Equatable, Sendable {
  /// Fewer than the eight bytes of the header's length.
  case tooShort(bytes: Int)
  /// A header longer than any real one, or than the file.
  case headerTooLong(UInt64)
  /// A header that is not the JSON it must be.
  case malformedHeader(offset: Int, reason: String)
  /// A name that stands twice.
  case duplicateName(String)
  /// A field of a tensor that is missing or has another type.
  case malformedEntry(String, reason: String)
  /// A type of number that the format does not have, or this reader does not take.
  case unknownType(String, type: String)
  /// A shape whose size does not fit an integer.
  case shapeOverflow(String)
  /// Offsets that end before they start, or past the data.
  case offsetsOutOfRange(String)
  /// Offsets that span another number of bytes than shape and type need.
  case sizeMismatch(String, expected: Int, found: Int)
  /// Data of which no tensor, or more than one, is made.
  case gapOrOverlap(String)
  /// Data after the last tensor.
  case trailingBytes(Int)
  /// A tensor that is asked for and not there.
  case noSuchTensor(String)
}

extension SafetensorsError: CustomStringConvertible {
  /// The message: which rule, and where.
  public var description: String {
    switch self {
    case .tooShort(let bytes): "\(bytes) bytes are too few for a header"
    case .headerTooLong(let length): "a header of \(length) bytes does not fit into the file"
    case .malformedHeader(let offset, let reason): "\(reason) at byte \(offset) of the header"
    case .duplicateName(let name): "the name \"\(name.prefix(80))\" stands twice"
    case .malformedEntry(let name, let reason): "tensor \"\(name.prefix(80))\": \(reason)"
    case .unknownType(let name, let type):
      "tensor \"\(name.prefix(80))\" has type \"\(type.prefix(20))\", which cannot be read"
    case .shapeOverflow(let name): "tensor \"\(name.prefix(80))\" has an impossible shape"
    case .offsetsOutOfRange(let name): "tensor \"\(name.prefix(80))\" lies outside the data"
    case .sizeMismatch(let name, let expected, let found):
      "tensor \"\(name.prefix(80))\" needs \(expected) bytes and has \(found)"
    case .gapOrOverlap(let name):
      "tensor \"\(name.prefix(80))\" does not start where the one before it ends"
    case .trailingBytes(let count): "\(count) bytes after the last tensor"
    case .noSuchTensor(let name): "there is no tensor \"\(name)\""
    }
  }
}
