/// One image with its caption, as the crawl holds them: text in memory, pixels by address.
public struct Pair: Sendable, Hashable {
  /// Names the pair; unique over the crawl, stable from one reading to the next.
  public let key: String
  /// What the crawl says about the image: valid UTF-8, not empty, no white space at its ends.
  public let caption: String
  /// Where the image's bytes lie.
  public let image: ImageSource
  /// Where the pair came from before it was in the crawl; nil where the crawl does not tell.
  public let origin: PairOrigin?

  /// A pair of which nothing is checked here: readers do that.
  public init(key: String, caption: String, image: ImageSource, origin: PairOrigin? = nil) {
    self.key = key
    self.caption = caption
    self.image = image
    self.origin = origin
  }
}
