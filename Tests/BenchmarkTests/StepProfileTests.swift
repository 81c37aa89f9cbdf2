import AuditEncoders
import NeuralKit
import Testing
import audit_benchmark

@Suite("The profile of a step")
struct StepProfileTests {
  private static let text = TextConfiguration(
    contextLength: 7, vocabularySize: 50, width: 24, heads: 3, layers: 2)

  private static let configurations = [
    CLIPConfiguration(
      embeddingWidth: 12,
      vision: VisionConfiguration(
        layers: .resNet([2, 1, 1, 1]), width: 8, headWidth: 16, imageSize: 32), text: text),
    CLIPConfiguration(
      embeddingWidth: 12,
      vision: VisionConfiguration(
        layers: .transformer(2), width: 24, headWidth: 8, patchSize: 8, imageSize: 24), text: text),
  ]

  @Test(
    "the backend is asked for as many operations as the configuration says",
    arguments: configurations, [1, 2])
  func operations(configuration: CLIPConfiguration, replicas: Int) throws {
    let group = ReplicaGroup(count: replicas)
    let rig = try StepRig(configuration, batchSize: 5, replicas: group)
    let probes = (0..<replicas).map { _ in StepProbe() }
    rig.step(1, probes: probes)
    let work = StepWork(
      configuration, batchSize: 5, replicas: replicas,
      parameterCount: rig.model.layout.parameterCount)
    for stage in [StepStage.imageForward, .imageBackward, .textForward, .textBackward] {
      let counted = probes.reduce(0) { $0 + $1.sums.operations(in: stage) }
      // Attention's own products are not counted by the probe.
      let expected = work.operations { stage.includes($0) && $0.kind != .attention }
      #expect(counted == expected, "\(stage)")
    }
  }

  @Test("watching a step changes nothing in it")
  func sameLosses() throws {
    let group = ReplicaGroup(count: 2)
    let plain = try StepRig(Self.configurations[0], batchSize: 5, replicas: group)
    let watched = try StepRig(Self.configurations[0], batchSize: 5, replicas: group)
    let probes = (0..<2).map { _ in StepProbe() }
    for number in 1...3 {
      #expect(plain.step(number) == watched.step(number, probes: probes), "step \(number)")
    }
  }

  @Test("stages hold all that was counted in them")
  func stages() throws {
    let group = ReplicaGroup(count: 1)
    let rig = try StepRig(Self.configurations[1], batchSize: 3, replicas: group)
    let probe = StepProbe()
    rig.step(1, probes: [probe])
    for stage in StepStage.allCases {
      let whole = probe.sums.stages[stage] ?? 0
      let parts = probe.sums.kinds[stage, default: [:]].values.reduce(0) { $0 + $1.seconds }
      #expect(whole > 0 && parts > 0 && parts <= whole, "\(stage)")
    }
  }
}
