import AuditTraining
import Testing

@Suite struct UnimodalWeightTests {
  @Test("weighs the unimodal loss where there is another one, and not in the warm-up")
  func warmUp() throws {
    let crawl = try SyntheticCrawl(count: 64, seed: 4)
    func records(_ weight: Float) throws -> [EpochRecord] {
      var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 3)
      configuration.unimodalWeight = weight
      let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
      var records: [EpochRecord] = []
      _ = try trainer.run(
        from: trainer.freshState,
        Trainer.Observer(onEpoch: { outcome, _ in records.append(outcome.record) }))
      return records
    }
    let (full, part) = (try records(1), try records(0.1))
    #expect(full[0] == with(part[0], timesOf: full[0]))
    #expect(full[0].loss == full[0].unimodalLoss)
    for record in [full[2], part[2]] { #expect(record.stage == .mixed) }
    #expect(full[2].loss > part[2].loss)
  }

  private func with(_ record: EpochRecord, timesOf other: EpochRecord) -> EpochRecord {
    var record = record
    record.seconds = other.seconds
    record.scoringSeconds = other.scoringSeconds
    return record
  }
}
