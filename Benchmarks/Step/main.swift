import AuditEncoders
import Foundation
import NeuralKit

// throw-away
let name = CommandLine.arguments[1]
let batch = Int(CommandLine.arguments[2])!
let threads = Int(CommandLine.arguments[3])!
let configuration = try CLIPConfiguration(presetOrFile: name)
let model = try CLIPModel(configuration)
let weights = model.initialWeights(seed: 1)
let optimiser = AdamW(layout: model.layout.parameters)
let group = ReplicaGroup(count: threads)
let backend = CPUBackend()
let gradients = (0..<threads).map { _ in ParameterValues(layout: model.layout.parameters) }
let edge = configuration.vision.imageSize
let length = configuration.text.contextLength
var generator = SeededGenerator(seed: 1)
let images = Tensor(generator.normals(batch * edge * edge * 3), shape: [batch, edge, edge, 3])
let tokens: [Int32] = (0..<batch * length).map {
  Int32(
    $0 % length == length - 1 ? configuration.text.vocabularySize - 1 : Int(generator.next() % 400))
}
func step(_ number: Int) {
  group.run { c in
    let e = Execution(
      backend: backend, communicator: c, weights: weights, gradients: gradients[c.rank],
      mode: .training)
    let range = batch * c.rank / c.count..<batch * (c.rank + 1) / c.count
    backend.fillInPlace(gradients[c.rank].flat, 0)
    let t0 = ContinuousClock.now
    let (z, zc) = model.encodeImages(images.rows(range), e)
    let t1 = ContinuousClock.now
    let (w, wc) = model.encodeTexts(
      Array(tokens[range.lowerBound * length..<range.upperBound * length]), e)
    let t2 = ContinuousClock.now
    let loss = ContrastiveLoss(scale: model.logitScale)(images: z, texts: w, e)
    let t3 = ContinuousClock.now
    model.backwardImages(loss.images, zc, e)
    let t4 = ContinuousClock.now
    model.backwardTexts(loss.texts, wc, e)
    let t5 = ContinuousClock.now
    optimiser.step(number: number, learningRate: 1e-4, e)
    let t6 = ContinuousClock.now
    if c.rank == 0 && number % 5 == 0 {
      print(
        number, loss.value, "imgF", t1 - t0, "txtF", t2 - t1, "loss", t3 - t2, "imgB", t4 - t3,
        "txtB", t5 - t4, "adam", t6 - t5)
    }
  }
}
step(1)
let t = ContinuousClock.now
var n = 0
while ContinuousClock.now - t < .seconds(8) { n += 1; step(n + 1) }
let d = ContinuousClock.now - t
let s = Double(d.components.seconds) + Double(d.components.attoseconds) * 1e-18
print(
  "\(Double(n * batch) / s) images/s, \(s / Double(n)) s/step, pool \(MemoryPool.shared.bytesHeld >> 20) MiB"
)
