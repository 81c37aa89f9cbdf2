import CPixels

/// What CPixels offers for a format whose rows are averaged in square cells.
struct RowFormat {
  let kind: ImageKind
  let open: (UnsafePointer<UInt8>, Int) -> OpaquePointer?
  let readHeader:
    (OpaquePointer, UnsafeMutablePointer<pixels_header>, UnsafeMutablePointer<pixels_failure>)
      -> pixels_status
  /// The reader, the edge of a cell, where the pixels go, and where a failure does.
  let decode:
    (
      OpaquePointer, UInt32, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<pixels_failure>
    ) -> pixels_status
  let close: (OpaquePointer?) -> Void

  static var png: RowFormat {
    RowFormat(
      kind: .png, open: pixels_png_open, readHeader: pixels_png_read_header,
      decode: pixels_png_decode, close: pixels_png_close)
  }

  static var webp: RowFormat {
    RowFormat(
      kind: .webp, open: pixels_webp_open, readHeader: pixels_webp_read_header,
      decode: pixels_webp_decode, close: pixels_webp_close)
  }

  static var gif: RowFormat {
    RowFormat(
      kind: .gif, open: pixels_gif_open, readHeader: pixels_gif_read_header,
      decode: pixels_gif_decode, close: pixels_gif_close)
  }
}
