import AuditEncoders
import Testing
import audit_benchmark

/// Golden counts are those of PyTorch's FlopCounterMode over open_clip's models, two items.
@Suite("The work of a step")
struct StepWorkTests {
  private func work(
    _ preset: Preset, batch: Int = 2, replicas: Int = 1, parameters: Int = 0
  ) -> StepWork {
    StepWork(
      preset.configuration, batchSize: batch, replicas: replicas, parameterCount: parameters)
  }

  @Test(
    "a ResNet has the operations that PyTorch counts, less those for queries that nobody reads",
    arguments: [
      (Preset.resNet50, 24_445_878_272.0, 48_848_404_480.0),
      (.compact, 290_856_960, 579_944_448),
    ])
  func resNet(preset: Preset, forward: Double, backward: Double) {
    // open_clip's attention pool asks for all positions and uses the first.
    let configuration = preset.configuration
    let positions = configuration.vision.imageSize / 32 * (configuration.vision.imageSize / 32)
    let width = configuration.vision.width * 32
    let products = 2 * 2 * positions * width * (width + configuration.embeddingWidth)
    let attention = 2 * 2 * 2 * positions * (positions + 1) * width
    let needless = Double(products + attention)
    let work = work(preset)
    #expect(work.operations { $0.part == .image && !$0.isBackward } == forward - needless)
    #expect(work.operations { $0.part == .image && $0.isBackward } == backward - 2 * needless)
  }

  @Test("a vision transformer has those that PyTorch counts, less what pooling makes needless")
  func visionTransformer() {
    // Behind the last attention, 49 of 50 positions: products of 768 with 768 and twice 3072.
    let needless = Double(2 * 2 * 49 * 768 * (768 + 2 * 3072))
    let work = work(.visionTransformerBase32)
    #expect(
      work.operations { $0.part == .image && !$0.isBackward } == 17_635_246_080 - needless)
    #expect(
      work.operations { $0.part == .image && $0.isBackward } == 34_808_070_144 - 2 * needless)
  }

  @Test(
    "a text tower has those that PyTorch counts, less needless positions and later keys",
    arguments: [(Preset.resNet50, 11_920_130_048.0), (.compact, 52_494_336)])
  func textTower(preset: Preset, forward: Double) {
    let text = preset.configuration.text
    let (length, width) = (text.contextLength, text.width)
    let needless = Double(2 * 2 * (length - 1) * 9 * width * width)
    let laterKeys = length * (length - 1) / 2
    let later = Double(2 * 2 * 2 * laterKeys * width * text.layers)
    let work = work(preset)
    let expected = forward - needless - later
    #expect(work.operations { $0.part == .text && !$0.isBackward } == expected)
    #expect(work.operations { $0.part == .text && $0.isBackward } == 2 * expected)
  }

  @Test("operations grow with the batch, but for the loss, where they grow with its square")
  func batch() {
    let (small, large) = (work(.compact, batch: 3), work(.compact, batch: 51))
    let towers: (LayerPass) -> Bool = { $0.part == .image || $0.part == .text }
    #expect(large.operations(where: towers) == 17 * small.operations(where: towers))
    #expect(
      large.operations { $0.part == .loss } == 289 * small.operations { $0.part == .loss })
  }

  @Test("more replicas move more weights and compute nothing more")
  func replicas() {
    let (one, two) = (
      work(.compact, replicas: 1, parameters: 1000), work(.compact, replicas: 2, parameters: 1000)
    )
    #expect(one.operations() == two.operations())
    let adamW = two.passes.filter { $0.part == .optimiser }
    #expect(adamW.map(\.bytes) == [8 * 4 * 1000])
    for (less, more) in zip(one.passes, two.passes) where less.kind == .convolution {
      #expect(more.bytes > less.bytes, "\(less.layer)")
    }
  }

  @Test("the roofline takes the slower of computing and moving, layer by layer")
  func roofline() {
    let work = work(.compact)
    let computing = work.leastSeconds(peak: 1, bandwidth: .infinity)
    #expect(computing == work.operations())
    let moving = work.leastSeconds(peak: .infinity, bandwidth: 1)
    #expect(moving == work.passes.reduce(0) { $0 + $1.bytes })
    let both = work.leastSeconds(peak: 1, bandwidth: 1)
    #expect(both > max(computing, moving) && both < computing + moving)
  }
}
