/// Makes pairs of the records of one or more lists that share a folder of images.
struct ListedPairs {
  private var paths: ConfinedPaths
  private var keys = CaptionKeys()
  private let maximumCaptionBytes: Int

  /// Nil where there is no folder at `root`.
  init?(root: String, maximumCaptionBytes: Int) {
    guard let paths = ConfinedPaths(root: root) else { return nil }
    self.paths = paths
    self.maximumCaptionBytes = maximumCaptionBytes
  }

  /// The pair of a record; one of some prefixes goes before the image's name, where the list lies in a folder below.
  mutating func pair(_ image: ListedImage, prefixes: [String]) throws(RecordFault) -> Pair {
    let (name, path) = try found(
      image.names.flatMap { name in
        name.isEmpty || name.hasPrefix("/") ? [name] : prefixes.map { $0 + name }
      })
    let caption: String
    switch image.caption {
    case .bytes(let bytes): caption = try CaptionText.text(bytes, limit: maximumCaptionBytes)
    case .text(let text): caption = try CaptionText.text(text, limit: maximumCaptionBytes)
    }
    guard let key = keys.key(for: name, caption: caption) else {
      throw RecordFault(
        reason: .duplicateKey, message: "an earlier record has the same image and caption")
    }
    return Pair(key: key, caption: caption, image: ImageSource(file: path), origin: image.origin)
  }

  private mutating func found(_ names: [String]) throws(RecordFault) -> (name: String, path: String)
  {
    var missing = RecordFault(reason: .missingImage, message: "the record names no image")
    for name in names {
      do {
        return (name, try paths.file(name))
      } catch  where error.reason == .missingImage {
        missing = error
      }
    }
    guard names.count > 1 else { throw missing }
    throw RecordFault(
      reason: .missingImage, message: "none of \(names.joined(separator: ", ")) is there")
  }
}

/// Gives each record of a crawl a key of its own.
private struct CaptionKeys {
  private var keys = KeyRegistry()
  private var rows = KeyRegistry()
  private var occurrences: [UInt128: Int] = [:]

  /// Nil for a record that is there already.
  mutating func key(for name: String, caption: String) -> String? {
    guard rows.insert("\(name)\0\(caption)") else { return nil }
    let fingerprint = KeyRegistry.fingerprint(name)
    var key = name
    repeat {
      let count = occurrences[fingerprint, default: 0] + 1
      occurrences[fingerprint] = count
      if count > 1 { key = "\(name)#\(count)" }
    } while !keys.insert(key)
    return key
  }
}
