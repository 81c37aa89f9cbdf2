import AuditEncoders
import AuditFiles
import AuditPixels
import AuditTraining
import AuditWords
import NeuralKit
import TestSupport

/// A crawl of eight easy classes, colour by pattern, each pair a little different; some captions are
/// those of another class.
struct SyntheticCrawl: Sendable {
  /// Which images carry a caption of another class.
  let planted: [Bool]
  private(set) var captions: [String]
  private let thumbnails: ThumbnailViews
  private let folder: TemporaryFolder

  static let edge = 32
  private static let colours: [(name: String, value: [Float])] = [
    ("red", [220, 40, 40]), ("green", [40, 170, 70]), ("blue", [40, 80, 210]),
    ("yellow", [240, 210, 40]),
  ]
  private static let patterns = ["stripes", "disc"]
  private static var classCount: Int { colours.count * patterns.count }
  private static let articles = [
    "a picture of", "this shows", "one photo with", "small drawing of",
  ]

  /// `count` pairs, class `i % 8`; the captions of `planted` of them are of another class.
  init(count: Int, planted plantedCount: Int = 0, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed, 0x5EED)
    var planted = [Bool](repeating: false, count: count)
    for pair in generator.permutation(count).prefix(plantedCount) { planted[Int(pair)] = true }
    let folder = try TemporaryFolder()
    let cache = try ThumbnailCache(
      folder: folder.path, configuration: ThumbnailConfiguration(edgePixels: Self.edge))
    var indices: [Int32] = []
    var captions: [String] = []
    for pair in 0..<count {
      let own = pair % Self.classCount
      let bitmap = Self.image(of: own, using: &generator)
      let thumbnail = try cache.append(
        bitmap, of: ContentDigest(of: bitmap.pixels), originalWidth: Self.edge,
        originalHeight: Self.edge)
      indices.append(Int32(thumbnail.index))
      let shift = 1 + generator.index(below: Self.classCount - 1)
      let told = planted[pair] ? (own + shift) % Self.classCount : own
      captions.append(Self.caption(of: told, using: &generator))
    }
    self.planted = planted
    self.captions = captions
    self.folder = folder
    thumbnails = ThumbnailViews(cache: cache, indices: indices)
  }

  /// What training sees.
  ///
  /// Colour is what tells the classes apart, so it is left alone.
  func views(seed: UInt64) throws -> ViewSource {
    var trainer = BytePairTrainer()
    for caption in captions { trainer.add(caption) }
    var augmentation = ImageAugmentationConfiguration()
    augmentation.cropScaleMinimum = 0.6
    augmentation.hue = 0
    augmentation.greyscaleProbability = 0
    augmentation.blurProbability = 0
    augmentation.patternProbability = 0
    augmentation.patchProbability = 0
    return ViewSource(
      thumbnails: thumbnails, captions: captions, tokenizer: try trainer.train(),
      contextLength: TinyModel.contextLength, imageSize: Self.edge,
      imageAugmentation: ImageAugmentation(augmentation, edge: Self.edge),
      textAugmentation: TextAugmentation(wordNet: nil), seed: seed)
  }

  /// The same crawl with the captions of `pairs` passed round among them.
  func passingCaptionsRound(_ pairs: [Int]) -> SyntheticCrawl {
    var other = self
    for (pair, next) in zip(pairs, pairs.dropFirst() + pairs.prefix(1)) {
      other.captions[next] = captions[pair]
    }
    return other
  }

  private static func caption(of number: Int, using generator: inout SeededGenerator) -> String {
    let article = articles[generator.index(below: articles.count)]
    let colour = colours[number / patterns.count].name
    return "\(article) \(colour) \(patterns[number % patterns.count])"
  }

  private static func image(of number: Int, using generator: inout SeededGenerator) -> Bitmap {
    let colour = colours[number / patterns.count].value
    let isDisc = number % patterns.count == 1
    let shiftX = generator.uniform(in: -4..<4)
    let shiftY = generator.uniform(in: -4..<4)
    let ground = generator.uniform(in: 150..<255)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(edge * edge * 3)
    for y in 0..<edge {
      for x in 0..<edge {
        let dx = Float(x - edge / 2) - shiftX
        let dy = Float(y - edge / 2) - shiftY
        let isInk = isDisc ? dx * dx + dy * dy < 90 : Int(dy + 64) / 4 % 2 == 0
        let noise = generator.uniform(in: -12..<12)
        for channel in 0..<3 {
          let value = (isInk ? colour[channel] : ground) + noise
          pixels.append(UInt8(min(255, max(0, value))))
        }
      }
    }
    return Bitmap(width: edge, height: edge, pixels: pixels)
  }
}
