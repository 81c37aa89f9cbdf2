/// The formats of crawls that can be read; the raw values are names for the command line.
public enum CrawlFormat: String, CaseIterable, Codable, Sendable {
  /// Tar shards as img2dataset writes them.
  case webdataset
  /// Images with a TSV or CSV file of captions.
  case captionFile
  /// The tree that Debian's packages openclipart-png and openclipart-svg install.
  case openclipart
}

extension CrawlFormat {
  /// What has to lie at a path for it to be read in this format.
  public var lookedFor: String {
    switch self {
    case .webdataset:
      "webdataset: a file named *.tar, or a folder that holds some"
    case .captionFile:
      """
      captionFile: a file named *.tsv or *.csv, or a folder that holds one, with a header that \
      names the columns of the image's path and of the caption
      """
    case .openclipart:
      "openclipart: a folder that holds the folders png and svg"
    }
  }
}
