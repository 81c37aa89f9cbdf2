import AuditFiles
import Foundation
import NeuralKit

/// The layout of a safetensors file with `images` and `captions`, `[count, width]` in float32, whose
/// rows are written as they come.
struct EmbeddingFile: Sendable {
  let count: Int
  let width: Int

  private var rowBytes: Int { 4 * width }
  private var tensorBytes: Int { count * rowBytes }

  /// The header with its length in front, padded to whole words of eight bytes.
  private var header: Data {
    func entry(_ name: String, _ start: Int) -> String {
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(count),\(width)],"
        + "\"data_offsets\":[\(start),\(start + tensorBytes)]}"
    }
    var json = Data("{\(entry("images", 0)),\(entry("captions", tensorBytes))}".utf8)
    json.append(Data(repeating: 0x20, count: (8 - json.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }

  func writeHeader(to file: inout AtomicFile) throws(FileError) {
    try file.append(header)
  }

  /// Writes rows of both tensors, `[n, width]`, from `row` on.
  func write(
    _ images: Tensor, captions: Tensor, at row: Int, to file: inout AtomicFile
  ) throws(FileError) {
    let start = header.count + row * rowBytes
    for (tensor, offset) in [(images, start), (captions, start + tensorBytes)] {
      try file.write(
        UnsafeRawBufferPointer(start: tensor.pointer, count: 4 * tensor.count), at: offset)
    }
  }
}
