/// The formats of crawls that can be read; the raw values are names for the command line.
public enum CrawlFormat: String, CaseIterable, Codable, Sendable {
  /// Tar shards as img2dataset and webdataset write them.
  case webdataset
  /// Images with a table (TSV, CSV) or JSON lines of captions.
  case captionFile
  /// Folders with a caption beside each image.
  case imageFolder
  /// A JSON file of captions as COCO has them.
  case cocoCaptions
  /// The table of Conceptual Captions beside the images that were fetched.
  case conceptualCaptions
  /// The tree that Debian's packages openclipart-png and openclipart-svg install.
  case openclipart
}

extension CrawlFormat {
  /// What has to lie at a path for it to be read in this format.
  public var lookedFor: String {
    switch self {
    case .webdataset:
      """
      webdataset: a file named *.tar, *.tar.gz or *.tar.zst, a folder that holds some or whose folders do, a text \
      file that lists some, or a range such as {00000..00331}.tar
      """
    case .captionFile:
      """
      captionFile: a file named *.tsv, *.csv or *.jsonl, or a folder that holds one, whose header or objects \
      name an image's path and a caption
      """
    case .imageFolder:
      "imageFolder: a folder of images with a .txt, .caption or .json of the same name beside each"
    case .cocoCaptions:
      "cocoCaptions: a file named *.json with images (id, file_name) and annotations (image_id, caption)"
    case .conceptualCaptions:
      """
      conceptualCaptions: a *.tsv with a caption and an address in each line, without a header or with one that \
      names these two
      """
    case .openclipart:
      "openclipart: a folder that holds the folders png and svg"
    }
  }
}
