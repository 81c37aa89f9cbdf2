import Foundation
import NeuralKit

/// A safetensors file that is read: tensors by name, and free text.
///
/// The header is checked as a whole when the file is opened; numbers are read when asked for.
package struct SafetensorsFile: Sendable {
  private let data: Data
  private let dataStart: Int
  private let entries: [String: SafetensorsHeader.Entry]
  /// The names of all tensors, in the order of their data.
  package let names: [String]
  /// Free text: the format's `__metadata__`.
  package let metadata: [String: String]

  /// Opens a file, mapped into memory.
  ///
  /// - Throws: `EncoderError`, with the file's path.
  package init(contentsOf file: URL) throws(EncoderError) {
    let data: Data
    do {
      data = try Data(contentsOf: file, options: .mappedIfSafe)
    } catch {
      throw .fileFailed(file.path, reason: error.localizedDescription)
    }
    do {
      try self.init(data)
    } catch {
      throw .inFile(file.path, .malformedWeights(error))
    }
  }

  /// Reads a file that is in memory.
  package init(_ data: Data) throws(SafetensorsError) {
    guard data.count >= 8 else { throw .tooShort(bytes: data.count) }
    let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafetensorsHeader.longest, length <= data.count - 8 else {
      throw .headerTooLong(length)
    }
    dataStart = 8 + Int(length)
    let json = [UInt8](data[data.startIndex + 8..<data.startIndex + dataStart])
    let header = try SafetensorsHeader(json: json, dataBytes: data.count - dataStart)
    self.data = data
    entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    names = header.entries.map(\.name)
    metadata = header.metadata
  }

  /// The shape of a tensor, or nil where there is none of that name.
  package func shape(of name: String) -> [Int]? { entries[name]?.shape }

  /// A tensor's numbers as float32, whatever they are stored as.
  ///
  /// - Throws: `SafetensorsError.noSuchTensor`.
  package func tensor(_ name: String) throws(SafetensorsError) -> Tensor {
    guard let entry = entries[name] else { throw .noSuchTensor(name) }
    let tensor = Tensor(uninitialized: entry.shape)
    read(entry, into: tensor)
    return tensor
  }

  /// Overwrites `tensor` with the numbers of the tensor called `name`, which must be there and have as
  /// many elements (`shape(of:)`).
  package func read(_ name: String, into tensor: Tensor) {
    guard let entry = entries[name], entry.shape.reduce(1, *) == tensor.count else {
      preconditionFailure("no tensor \(name) of shape \(tensor.shape)")
    }
    read(entry, into: tensor)
  }

  /// The numbers of a tensor of whole numbers (`I32` or `I64`).
  ///
  /// - Throws: `SafetensorsError.noSuchTensor`, and `.unknownType` where they are not whole.
  package func integers(_ name: String) throws(SafetensorsError) -> [Int64] {
    guard let entry = entries[name] else { throw .noSuchTensor(name) }
    let bytes = entry.type.bytes
    guard entry.type == .int32 || entry.type == .int64 else {
      throw .unknownType(name, type: entry.type.rawValue)
    }
    return withBytes(of: entry) { data in
      (0..<data.count / bytes).map { index in
        let bits = data.littleEndian(bytes * index, bytes)
        return bytes == 8 ? Int64(bitPattern: bits) : Int64(Int32(bitPattern: UInt32(bits)))
      }
    }
  }

  private func withBytes<Result>(
    of entry: SafetensorsHeader.Entry, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let start = data.startIndex + dataStart
    return data[start + entry.range.lowerBound..<start + entry.range.upperBound]
      .withUnsafeBytes(body)
  }

  private func read(_ entry: SafetensorsHeader.Entry, into tensor: Tensor) {
    let start = data.startIndex + dataStart
    let place = start + entry.range.lowerBound..<start + entry.range.upperBound
    if entry.type == .float32 {
      let target = UnsafeMutableRawBufferPointer(start: tensor.pointer, count: place.count)
      data.copyBytes(to: target, from: place)
      return
    }
    let count = tensor.count
    withBytes(of: entry) { bytes in
      for index in 0..<count {
        tensor[element: index] = entry.type.number(bytes, at: index)
      }
    }
  }
}

extension SafetensorsHeader.Scalar {
  /// Number `index` of those in `data`.
  fileprivate func number(_ data: UnsafeRawBufferPointer, at index: Int) -> Float {
    let bits = data.littleEndian(bytes * index, bytes)
    return switch self {
    case .float32: Float(bitPattern: UInt32(bits))
    case .float16: Float(Float16(bitPattern: UInt16(bits)))
    case .brainFloat16: Float(bitPattern: UInt32(bits) << 16)
    case .int32: Float(Int32(bitPattern: UInt32(bits)))
    case .int64: Float(Int64(bitPattern: bits))
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The number in `count` bytes from `offset`, least significant first.
  fileprivate func littleEndian(_ offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(self[offset + $1]) }
  }
}
