/// Keys of other formats as keys of a shard.
package enum WebdatasetKey {
  /// The key without what a shard's key cannot have, and different for different keys.
  ///
  /// Dots and percent signs in its last component stand as `%2E` and `%25`, since a dot would end the key. Of a key
  /// that is no path inside a folder (`/data/a`, `a/../b`, `./a`), the slashes stand as `%2F` besides.
  package static func escaped(_ key: String) -> String {
    let components = key.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = components.allSatisfy { !["", ".", ".."].contains($0) }
    guard isPlain else { return escaped(component: key).replacing("/", with: "%2F") }
    let folders = components.dropLast().map { $0 + "/" }.joined()
    return folders + escaped(component: components.last ?? "")
  }

  private static func escaped(component: some StringProtocol) -> String {
    String(component).replacing("%", with: "%25").replacing(".", with: "%2E")
  }
}
