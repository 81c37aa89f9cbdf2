import Foundation
import NeuralKit

extension Doctor {
  static let notFound = "not found"

  /// Versions as the libraries themselves tell them at run time, so that what is loaded is named and
  /// not what was there at build time.
  static func libraries(_ kernels: KernelReport) -> [DoctorReport.Library] {
    [
      .init(name: "OpenBLAS", version: openBLASVersion(kernels)),
      .init(name: "oneDNN", version: kernels.oneDNNVersion),
      .init(name: "SQLite", version: text(from: "sqlite3_libversion") ?? notFound),
      .init(name: "libjpeg", version: mappedFile("libjpeg.so.") ?? notFound),
      .init(name: "libpng", version: pngVersion() ?? notFound),
      .init(name: "libwebp", version: webpVersion() ?? notFound),
      .init(name: "giflib", version: mappedFile("libgif.so.") ?? notFound),
      .init(name: "zlib", version: text(from: "zlibVersion") ?? notFound),
      .init(name: "Swift", version: swiftVersion),
    ]
  }

  private static func openBLASVersion(_ kernels: KernelReport) -> String {
    let words = kernels.openBLASConfiguration.split(separator: " ")
    guard words.count > 1, words[0] == "OpenBLAS" else {
      return kernels.openBLASConfiguration.isEmpty ? notFound : kernels.openBLASConfiguration
    }
    return String(words[1])
  }

  /// Calls a function without parameters that returns a C string, if the process has it.
  private static func text(from function: String) -> String? {
    guard let symbol = dlsym(nil, function) else { return nil }
    let call = unsafeBitCast(
      symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
    return call().map { String(cString: $0) }
  }

  /// `10639` for 1.6.39.
  private static func pngVersion() -> String? {
    guard let symbol = dlsym(nil, "png_access_version_number") else { return nil }
    let number = unsafeBitCast(symbol, to: (@convention(c) () -> UInt32).self)()
    return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }

  /// `0x010204` for 1.2.4.
  private static func webpVersion() -> String? {
    guard let symbol = dlsym(nil, "WebPGetDecoderVersion") else { return nil }
    let number = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
    return "\(number >> 16).\(number >> 8 & 0xFF).\(number & 0xFF)"
  }

  /// For libraries that have no function that tells their version, but whose mapped file carries it:
  /// `libjpeg.so.62.3.0`.
  private static func mappedFile(_ prefix: String) -> String? {
    // Foundation's readers of whole files trust a size that this one does not have.
    guard let file = FileHandle(forReadingAtPath: "/proc/self/maps"),
      let data = try? file.readToEnd()
    else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").lazy.compactMap {
      $0.split(separator: "/").last
    }
    .first { $0.hasPrefix(prefix) }.map(String.init)
  }

  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or newer (compiler)"
    #elseif compiler(>=6.3)
      "6.3 (compiler)"
    #else
      "6.1 or 6.2 (compiler)"
    #endif
  }
}
