/// How pixels in 0...1 become the numbers that an image tower sees: (value - mean) / deviation,
/// channel by channel.
public struct PixelNormalization: Sendable, Equatable {
  /// Mean of red, green and blue.
  public let mean: [Float]
  /// Standard deviation of red, green and blue.
  public let standardDeviation: [Float]

  /// CLIP's constants (openai/CLIP `clip.py`, open_clip `OPENAI_DATASET_MEAN` and `_STD`).
  public static let clip = PixelNormalization(
    mean: [0.481_454_66, 0.457_827_5, 0.408_210_73],
    standardDeviation: [0.268_629_54, 0.261_302_58, 0.275_777_11])

  /// Three numbers each; deviations above 0.
  public init(mean: [Float], standardDeviation: [Float]) {
    precondition(
      mean.count == 3 && standardDeviation.count == 3 && standardDeviation.allSatisfy { $0 > 0 },
      "mean and deviation are three numbers each")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// 1 / deviation.
  package var scale: [Float] { standardDeviation.map { 1 / $0 } }
  /// -mean / deviation.
  package var shift: [Float] { zip(mean, standardDeviation).map { -$0 / $1 } }
}
