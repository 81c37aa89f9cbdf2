import AuditDump
import AuditFiles
import AuditPixels

/// What the images of a sample are like.
public struct ImageStatistics: Codable, Sendable, Equatable {
  /// Images that were drawn.
  public var images: Int
  /// Whether they are all of the crawl.
  public var isWhole: Bool
  /// How many there are of each kind, by its name.
  public var kinds: [String: Int]
  /// Bytes of a file; nil where none was read.
  public var bytes: Spread?
  /// Pixels from left to right; nil where none was decoded.
  public var width: Spread?
  /// Pixels from top to bottom.
  public var height: Spread?
  /// Images that cannot be used, by reason code.
  public var rejections: [String: Int]
  /// Images whose bytes another one has too.
  public var exactDuplicates: Int
  /// Images that look like another one: their difference hashes differ in at most 4 of 128 bits.
  public var nearDuplicates: Int
  /// Images that were compared with a hash in the crawl's metadata.
  public var hashesCompared: Int
  /// Images whose bytes are not those of the hash.
  public var hashesDiffering: Int
}

extension ImageStatistics {
  /// Reads and decodes the images of some pairs.
  init(
    of pairs: [Pair], outOf pairCount: Int, threads: Int, files: ImageFiles, limits: ImageLimits
  ) throws {
    var census = ImageCensus()
    let look: @Sendable (Pair) -> Result<LookedAtImage, ReasonedFault> = { pair in
      LookedAtImage.look(at: pair.image, files, limits)
    }
    try OrderedWork.run(pairs, threadCount: max(1, threads), work: look) { pair, result in
      census.count(result, of: pair)
    }
    self = census.statistics
    isWhole = pairs.count == pairCount
  }
}

/// Counts images one by one.
private struct ImageCensus {
  private var kinds: [String: Int] = [:]
  private var rejections: [String: Int] = [:]
  private var images: [LookedAtImage] = []
  private var (compared, differing) = (0, 0)

  mutating func count(_ result: Result<LookedAtImage, ReasonedFault>, of pair: Pair) {
    switch result {
    case .failure(let fault): rejections[fault.reason, default: 0] += 1
    case .success(let image):
      kinds[image.kind.name, default: 0] += 1
      images.append(image)
      guard let promised = pair.origin?.sha256 else { return }
      compared += 1
      if promised != image.digest.bytes { differing += 1 }
    }
  }

  var statistics: ImageStatistics {
    var digests: [ContentDigest: Int] = [:]
    for image in images { digests[image.digest, default: 0] += 1 }
    return ImageStatistics(
      images: images.count + rejections.values.reduce(0, +), isWhole: false, kinds: kinds,
      bytes: Spread(images.map(\.byteCount)), width: Spread(images.map(\.width)),
      height: Spread(images.map(\.height)), rejections: rejections,
      exactDuplicates: digests.values.filter { $0 > 1 }.reduce(0, +),
      nearDuplicates: DifferenceHash.countNear(images.map(\.differenceHash)),
      hashesCompared: compared, hashesDiffering: differing)
  }
}

/// A reason code.
private struct ReasonedFault: Error {
  let reason: String
}

/// One image, as far as statistics go.
private struct LookedAtImage: Sendable {
  let kind: ImageKind
  let byteCount: Int
  let width: Int
  let height: Int
  let digest: ContentDigest
  let differenceHash: UInt128

  static func look(
    at source: ImageSource, _ files: ImageFiles, _ limits: ImageLimits
  ) -> Result<LookedAtImage, ReasonedFault> {
    do {
      let bytes = try files.bytes(of: source)
      let image = try ImageDecoder.decode(
        bytes, minimumShorterEdge: DifferenceHash.edge, limits: limits)
      return .success(
        LookedAtImage(
          kind: image.kind, byteCount: bytes.count, width: image.originalWidth,
          height: image.originalHeight, digest: ContentDigest(of: bytes),
          differenceHash: DifferenceHash.hash(of: image.bitmap)))
    } catch let error as ImageFileError {
      return .failure(ReasonedFault(reason: error.reason.rawValue))
    } catch let error as PixelError {
      return .failure(ReasonedFault(reason: error.reason.rawValue))
    } catch {
      return .failure(ReasonedFault(reason: RejectionReason.unreadableFile.rawValue))
    }
  }
}
