import AuditFiles
import AuditReport
import AuditRisk
import Foundation

/// The pairs of a crawl that its owner knows to be clean, by a file of their keys, one a line as
/// `audit-cli export --format txt` writes them.
struct TrustedPairs: Sendable {
  /// Which pairs of the crawl, in its order.
  let members: BitSet
  /// Keys of the file that no pair of the crawl has.
  let unknownCount: Int

  /// Reads the file for a crawl with these keys; where several pairs have a key, all of them are meant.
  ///
  /// - Throws: ``ScanError/unusableTrusted(path:reason:)`` where it cannot be read, or names no pair of the crawl.
  init(contentsOf path: String, keys: [String]) throws(ScanError) {
    guard let data = try? ReadableFolders.contents(of: path) else {
      throw .unusableTrusted(path: path, reason: "it cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .unusableTrusted(path: path, reason: "it is no UTF-8 text")
    }
    var named = Set(KeyLine.keys(in: text))
    members = BitSet(
      count: keys.count, members: keys.indices.lazy.filter { named.contains(keys[$0]) })
    guard members.memberCount > 0 else {
      throw .unusableTrusted(path: path, reason: "none of its keys is in the crawl")
    }
    named.subtract(keys)
    unknownCount = named.count
  }

  /// What to tell of keys that name nothing; nil where there are none.
  var unknownNotice: String? {
    guard unknownCount > 0 else { return nil }
    return unknownCount == 1
      ? "1 trusted key is in no pair of the crawl"
      : "\(unknownCount) trusted keys are in no pair of the crawl"
  }
}
