/// Why the service cannot start.
public enum ServiceError: Error, CustomStringConvertible, Equatable {
  /// The report folder cannot be made or written.
  case noReportFolder(path: String, reason: String)
  /// A crawl root is no folder.
  case noCrawlRoot(path: String)
  /// The token's file cannot be used.
  case noToken(path: String, reason: String)
  /// It would be reachable from other machines, and let everybody in.
  case needsToken(address: String)
  /// An address is none.
  case noAddress(String)

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .noReportFolder(let path, let reason):
      "The report folder \(path) cannot be used: \(reason). Choose another with --report-dir."
    case .noCrawlRoot(let path):
      "The crawl root \(path) is not a folder that can be read. Check the path of --crawl-root."
    case .noToken(let path, let reason):
      """
      The token file \(path) cannot be used: \(reason). Its first line must hold at least 16 letters or \
      digits, such as 'openssl rand -hex 32' prints.
      """
    case .needsToken(let address):
      """
      Other machines could reach \(address), so clients must show a token: give --token-file, or listen \
      at 127.0.0.1.
      """
    case .noAddress(let text):
      "“\(text)” is not an address to listen at. Write it as 127.0.0.1:8787 or [::1]:8787."
    }
  }
}
