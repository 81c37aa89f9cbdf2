import AuditReport
import Foundation
import FoundationNetworking
import Testing
import TestSupport

/// An answer of the service.
struct Answer {
  let status: Int
  let fields: [String: String]
  let body: Data

  /// The body as a JSON object.
  var json: [String: Any] {
    get throws { try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any]) }
  }

  /// The kind of the problem that the body tells.
  var problem: String? {
    let type = (try? json)?["type"] as? String
    return type?.split(separator: ":").last.map(String.init)
  }
}

extension Daemon {
  /// Sends a request and takes the answer.
  func call(
    _ path: String, method: String = "GET", json: [String: Any]? = nil, body: Data? = nil,
    _ fields: [String: String] = [:]
  ) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: url.absoluteString + path)))
    request.httpMethod = method
    request.httpShouldHandleCookies = false
    request.cachePolicy = .reloadIgnoringLocalCacheData
    if let json {
      request.httpBody = try JSONSerialization.data(withJSONObject: json)
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    if let body { request.httpBody = body }
    for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
    // A session of its own: a shared one remembers what opened the door once.
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCredentialStorage = nil
    configuration.urlCache = nil
    let session = URLSession(configuration: configuration)
    defer { session.finishTasksAndInvalidate() }
    let (data, response) = try await session.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    let all = answer.allHeaderFields.map { (("\($0.key)").lowercased(), "\($0.value)") }
    return Answer(
      status: answer.statusCode, fields: Dictionary(all) { $1 }, body: data)
  }

  /// Submits a small scan and returns the run's identifier.
  func submit(
    epochs: Int = 6, _ more: [String: Any] = [:], _ fields: [String: String] = [:]
  ) async throws -> String {
    let body = ["crawl": crawl, "settings": smallScan(epochs: epochs)].merging(more) { $1 }
    let answer = try await call("/v1/runs", method: "POST", json: body, fields)
    try #require(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
    return try #require(try answer.json["id"] as? String)
  }

  func state(_ run: String) async throws -> String? {
    try await call("/v1/runs/\(run)").json["state"] as? String
  }

  /// Waits until a run is in one of some states, and returns it; throws where it ended in another one.
  @discardableResult
  func wait(_ run: String, for states: String...) async throws -> [String: Any] {
    while true {
      let answer = try await call("/v1/runs/\(run)")
      // The report cannot be read at this moment: its scan has filled the disk, perhaps.
      guard answer.status != 503 else {
        try await Task.sleep(for: .milliseconds(50))
        continue
      }
      let document = try answer.json
      let state = try #require(document["state"] as? String)
      if states.contains(state) { return document }
      try #require(
        state == "queued" || state == "running", "\(state), not \(states): \(logText)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Waits until a run's report holds so many epochs; throws where the run ended with fewer.
  func wait(_ run: String, epochs: Int) async throws {
    while true {
      // Before the epochs are counted: a run that ends in between has written all of them.
      let state = try? await state(run)
      let answer = try await call("/v1/runs/\(run)/history")
      if answer.status == 200, (try answer.json["epochs"] as? [Any])?.count ?? 0 >= epochs {
        return
      }
      // A run of another program is not there yet where nothing is told of it.
      try #require(
        state == nil || state == "queued" || state == "running",
        "\(state ?? "") before epoch \(epochs): \(logText)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// The path of a run's report.
  func report(_ run: String) -> String {
    folder.file("reports/\(run.split(separator: ".")[0]).sqlite")
  }

  /// Writes a run of made-up pairs into a report; returns the run's identifier.
  @discardableResult
  func makeReport(
    _ name: String, pairs: [PairRecord], seed: UInt64 = 1, isFinished: Bool = true
  ) throws -> String {
    let store = try ReportStore(path: folder.file("reports/\(name).sqlite"))
    let run = try store.beginRun(
      NewRun(
        crawlPath: "crawl", crawlFormat: "webdataset", method: "safeclip", preset: "compact",
        configuration: #"{"seed":\#(seed),"training":{"epochs":2}}"#, seed: seed, threads: 1))
    try store.replacePairs(of: run, with: pairs)
    try store.replaceRejections(
      of: run,
      with: (0..<5).map {
        RejectionRecord(source: "a.tar!\($0)", offset: 512, reason: "emptyImage", message: "empty")
      })
    try store.addNotice("a default adapted", kind: .adaptation, to: run)
    let count = pairs.count
    let similarities = (0..<count).map { Float(($0 * 7 + Int(seed)) % count) / Float(count) }
    let scores = PairScores(
      similarities: similarities, posteriors: similarities.map(Double.init),
      risks: similarities.map { 1 - Double($0) })
    let safeSet = SafeSetBitmap((0..<count).map { similarities[$0] > 0.6 })
    var epoch = EpochRow(
      number: 0, stage: "slowPass", steps: 10, seconds: 1.5, loss: 2, clipLoss: 2,
      learningRate: 5e-4, logitScale: 14, alignment: 0.9)
    epoch.mixture = MixtureRow(
      lower: .init(weight: 0.25, mean: 0.1, variance: 0.01),
      upper: .init(weight: 0.75, mean: 0.5, variance: 0.02))
    epoch.histogram = SimilarityHistogram(similarities: similarities, shuffled: similarities)
    epoch.safeCount = safeSet.count
    epoch.safeShare = Double(safeSet.count) / Double(count)
    epoch.decisionReason = "firstSplit"
    let estimate = EstimateRow(
      name: "mismatchRate", subject: .crawl, value: 0.1, low: 0, high: 0.2)
    try store.recordEpoch(
      epoch, of: run, estimates: [estimate], scores: scores, safeSet: safeSet)
    // The split stands: another epoch trains the model further, and its numbers are not the scores'.
    var last = EpochRow(
      number: 1, stage: "mixed", steps: 10, seconds: 1, loss: 1, learningRate: 1e-4, logitScale: 15,
      alignment: 0.5)
    last.mixture = epoch.mixture
    last.histogram = SimilarityHistogram(similarities: [0], shuffled: [-1])
    try store.recordEpoch(last, of: run)
    if isFinished {
      try store.finishRun(
        run, scores: scores, safeSet: safeSet,
        estimates: [estimate],
        measures: [MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.5)])
    }
    try store.close()
    return "\(name).\(run)"
  }
}

extension [PairRecord] {
  /// Pairs with captions that are hostile to whoever shows them.
  static func hostile(_ count: Int = 40) -> [PairRecord] {
    let captions = [
      "<script>document.title = 'owned'</script>", "a red dog", "日本の自転車",
      "quote \" and, comma\nline",
      "\u{202E}reversed", "<img src=x onerror=alert(1)>", "plain",
      String(repeating: "long ", count: 200),
    ]
    return (0..<count).map { ordinal in
      PairRecord(
        key: ordinal % 5 == 0 ? "folder/ä \(ordinal).png" : "key\(ordinal)",
        caption: captions[ordinal % captions.count], sourcePath: "/nowhere/\(ordinal).png",
        imageWidth: 64, imageHeight: 48,
        imageSHA256: [UInt8](repeating: UInt8(truncatingIfNeeded: ordinal / 2), count: 32),
        url: ordinal % 3 == 0 ? nil : "https://host\(ordinal % 4).example/\"<\(ordinal)>.png",
        uid: ordinal % 3 == 0 ? nil : String(format: "%032x", ordinal),
        originalWidth: ordinal % 3 == 1 ? 640 : nil, originalHeight: ordinal % 3 == 1 ? 480 : nil,
        promisedSHA256: ordinal % 3 == 0
          ? nil
          : [UInt8](
            repeating: ordinal % 3 == 1 ? UInt8(truncatingIfNeeded: ordinal / 2) : 255, count: 32))
    }
  }
}
