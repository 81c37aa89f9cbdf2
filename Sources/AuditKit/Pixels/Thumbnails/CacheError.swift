import Foundation

/// The cache on disk cannot be used.
///
/// Ends a scan, unlike ``PixelError``.
public enum CacheError: Error, Hashable, Sendable {
  /// A call to the operating system failed.
  case system(operation: String, path: String, code: Int32)
  /// A file in the cache's place that is not one.
  case notACache(path: String, detail: String)
}

extension CacheError: CustomStringConvertible, LocalizedError {
  /// What failed, where, and what to do.
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      let hint =
        code == ENOSPC ? "; free some disk space, the scan continues from what is cached" : ""
      return "cannot \(operation) \(path): \(String(cString: strerror(code)))\(hint)"
    case .notACache(let path, let detail):
      return "\(path) is not a cache of this program: \(detail); delete it and it is made anew"
    }
  }

  /// The same as ``description``.
  public var errorDescription: String? { description }
}
