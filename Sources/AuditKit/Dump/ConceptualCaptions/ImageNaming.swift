import AuditFiles
import CZlib

/// How a downloader of Conceptual Captions names its images.
///
/// In the order of what a match proves: a checksum is never met by chance, a number always where files are numbered.
enum ImageNaming: CaseIterable, Sendable {
  /// CRC-32 of the address in decimal (the downloader that came with ViLBERT).
  case checksum
  /// The last component of the address.
  case address
  /// The row's number from 0 with nine digits (img2dataset).
  case paddedNumber
  /// The row's number from 0.
  case number

  /// The name, without its ending, of the image of a row; empty where it has none.
  func stem(_ number: Int, _ address: String) -> String {
    switch self {
    case .checksum:
      let bytes = Array(address.utf8)
      return String(crc32(0, bytes, UInt32(bytes.count)))
    case .address:
      let path = address.prefix { $0 != "?" && $0 != "#" }
      // What comes first is the scheme, then the host.
      let components = path.split(separator: "/").dropFirst(2)
      return FileName.stem(components.last.map(String.init) ?? "")
    case .paddedNumber: return String(number).zeroPadded(to: 9)
    case .number: return String(number)
    }
  }

  /// What images are named by, in words.
  var words: String {
    switch self {
    case .checksum: "CRC-32 of the address"
    case .address: "the address's last component"
    case .paddedNumber: "the row's number with nine digits"
    case .number: "the row's number"
    }
  }
}
