/// Names that the fields of a record have in the crawls of others, the likeliest first.
enum FieldNames {
  /// Of an image's path (open_clip, Hugging Face's imagefolder, LLaVA-style lists).
  static let image = [
    "filepath", "file_name", "image", "image_path", "path", "filename", "file", "img", "img_path",
  ]
  /// Of a caption (img2dataset, open_clip, Hugging Face, LAION); a title beside a caption is mostly that of the page.
  static let caption = ["caption", "title", "text", "TEXT", "captions", "description", "alt_text"]
  /// Of the address that an image came from.
  static let url = ["url", "URL", "image_url"]
  /// Of DataComp's identifier.
  static let uid = ["uid"]
  /// Of the hash of an image's bytes.
  static let sha256 = ["sha256"]
  /// Of width and height before a downloader resized the image.
  static let originalSize = ["original_width", "original_height"]

  /// Of all that tells where a pair came from.
  static let origin = url + uid + sha256 + originalSize

  /// The names to look for: the one that a setting gives, or all that are known.
  static func names(_ setting: String?, else known: [String]) -> [String] {
    setting.map { [$0] } ?? known
  }

  /// Where some names stand among those of a record, in their order; without regard to case where none stands there as it
  /// is spelled.
  static func places(of names: [String], in found: [String]) -> [Int] {
    let exact = names.compactMap { found.firstIndex(of: $0) }
    guard exact.isEmpty else { return exact }
    let lowered = found.map { $0.lowercased() }
    return names.compactMap { lowered.firstIndex(of: $0.lowercased()) }
  }
}
