import AuditEncoders
import AuditTraining
import NeuralKit
import Testing

@Suite struct DivergedEmbeddingsTests {
  @Test("embeddings that are no numbers end training, and are not taken for the least similarity")
  func scoring() throws {
    let crawl = try SyntheticCrawl(count: 32, seed: 2)
    let trainer = try Trainer(.transformer, crawl, .tiny(.clip, epochs: 2), seed: 2)
    let state = trainer.freshState
    // As the last step of an epoch can leave the weights: its loss was a number still.
    let observer = Trainer.Observer(onProgress: { progress in
      guard !progress.isScoring, progress.step == progress.steps else { return }
      state.weights.parameters.flat.withMutableElements { elements in
        for index in elements.indices { elements[index] = .nan }
      }
    })
    let error = #expect(throws: TrainingError.self) { try trainer.run(from: state, observer) }
    #expect(error == .divergedEmbeddings(epoch: 0, learningRate: 2e-3))
    #expect(error?.description.contains("training.learningRate") == true)
    let scores = try #require(trainer.scorer(state).scores(of: Array(0..<32)) { _, _ in })
    #expect(!scores.areNumbers)
    #expect(scores.cosines.allSatisfy(\.isNaN) && scores.shuffled.allSatisfy(\.isNaN))
  }
}
