import Foundation
import Testing
import TestSupport

/// What the service answers against what `schemas/` says.
@Suite(.timeLimit(.minutes(20)))
struct SchemaTests {
  private static let schemas = Repository.root.appending(path: "schemas")

  private func description() throws -> [String: Any] {
    let data = try Data(contentsOf: Self.schemas.appending(path: "openapi.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func everyAnswerIsAsItsSchemaSays() async throws {
    let daemon = try await Daemon()
    let a = try daemon.makeReport("first", pairs: .hostile())
    let b = try daemon.makeReport("second", pairs: .hostile(30), seed: 3)
    let queued = try await daemon.submit(epochs: 40)
    let key = "folder%2F%C3%A4%200.png"
    let calls: [(method: String, path: String, json: [String: Any]?, schema: String)] = [
      ("GET", "/v1/runs", nil, "run-list"), ("GET", "/v1/runs/\(a)", nil, "run"),
      ("GET", "/v1/runs/\(queued)", nil, "run"), ("GET", "/v1/runs/\(a)/history", nil, "history"),
      ("GET", "/v1/runs/\(a)/mixture", nil, "mixture"),
      ("GET", "/v1/runs/\(a)/mixture?bins=20", nil, "mixture"),
      (
        "PUT", "/v1/runs/\(a)/pairs/\(key)/verdict", ["verdict": "poison", "note": "why"], "verdict"
      ),
      ("GET", "/v1/runs/\(a)/estimates", nil, "estimates"),
      ("GET", "/v1/runs/\(a)/rejected?limit=2", nil, "rejected"),
      ("GET", "/v1/runs/\(a)/pairs", nil, "pair-list"),
      ("GET", "/v1/runs/\(a)/pairs?reasons=true", nil, "pair-list"),
      ("GET", "/v1/runs/\(a)/pairs?q=dog&order=key&safe=true&verdict=none", nil, "pair-list"),
      ("GET", "/v1/runs/\(a)/pairs/\(key)", nil, "pair-details"),
      ("GET", "/v1/runs/\(a)/verdicts", nil, "verdict-list"),
      ("POST", "/v1/runs/\(b)/verdicts?from=\(a)", nil, "verdict-import"),
      ("GET", "/v1/runs/\(a)/compare/\(b)", nil, "comparison"), ("GET", "/healthz", nil, "health"),
      ("GET", "/readyz", nil, "health"), ("GET", "/v1/runs/none.1", nil, "problem"),
      ("GET", "/nowhere", nil, "problem"), ("PUT", "/v1/runs", nil, "problem"),
      ("POST", "/v1/runs", ["crawl": 7], "problem"),
      ("POST", "/v1/runs/\(queued)/cancel", nil, "run"),
    ]
    var lines = ""
    for (place, call) in calls.enumerated() {
      let answer = try await daemon.call(call.path, method: call.method, json: call.json)
      #expect(
        (answer.status < 400) == (call.schema != "problem"), "\(call.path): \(answer.status)")
      #expect(
        answer.fields["content-type"]
          == (call.schema == "problem" ? "application/problem+json" : "application/json"))
      #expect(answer.fields["x-content-type-options"] == "nosniff")
      try daemon.folder.write("answers/\(place).json", [UInt8](answer.body))
      lines += "\(call.schema) \(daemon.folder.file("answers/\(place).json"))\n"
    }
    try daemon.folder.write("answers/list", lines)
    let check = Process()
    check.executableURL = URL(filePath: "/usr/bin/python3")
    check.arguments = [
      Repository.root.appending(path: "Tests/API/validate-answers.py").path(),
      Self.schemas.appending(path: "api").path(), daemon.folder.file("answers/list"),
    ]
    let output = Pipe()
    check.standardOutput = output
    try check.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    check.waitUntilExit()
    #expect(check.terminationStatus == 0, "\(text)")
    #expect(text.contains("\(calls.count) answers are valid"))
  }

  @Test func everyPathHasTheMethodsThatAreDescribed() async throws {
    let daemon = try await Daemon()
    let paths = try #require(try description()["paths"] as? [String: [String: Any]])
    for (path, methods) in paths {
      let real = path.replacing("{run}", with: "a.1").replacing("{other}", with: "a.1")
        .replacing("{key}", with: "k").replacing("{name}", with: "run.json")
      let answer = try await daemon.call(real, method: "PATCH")
      #expect(answer.status == 405, "\(path)")
      var expected = Set(methods.keys.map { $0.uppercased() })
      if expected.contains("GET") { expected.insert("HEAD") }
      let allowed = (answer.fields["allow"] ?? "").split(separator: ",")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(Set(allowed) == expected, "\(path)")
    }
  }

  /// What any request may get is described for each, and what a path never gives is not.
  @Test func everyPathHasTheStatusesThatAreDescribed() async throws {
    let folder = try Daemon.makeFolder()
    let token = "0123456789abcdef0123456789abcdef"
    try folder.write("token", token)
    let daemon = try await Daemon(in: folder, "--token-file", folder.file("token"))
    let run = try daemon.makeReport("first", pairs: .hostile())
    let right = ["Authorization": "Bearer \(token)"]
    let paths = try #require(try description()["paths"] as? [String: [String: Any]])
    for (path, methods) in paths {
      let real = path.replacing("{run}", with: run).replacing("{other}", with: run)
        .replacing("{key}", with: "key1").replacing("{name}", with: "run.json")
      for (method, operation) in methods {
        let operation = try #require(operation as? [String: Any])
        let described = Set(try #require(operation["responses"] as? [String: Any]).keys)
        let method = method.uppercased()
        func expectDescribed(_ answer: Answer, _ status: Int) {
          #expect(answer.status == status, "\(method) \(path)")
          #expect(described.contains("\(status)"), "\(method) \(path)")
        }
        let body = method == "GET" ? nil : Data("{}".utf8)
        expectDescribed(
          try await daemon.call(real, method: method, body: body, ["Host": "evil.example"]), 403)
        expectDescribed(
          try await daemon.call(real + "?no=1", method: method, body: body, right), 400)
        let isPublic = (operation["security"] as? [Any])?.isEmpty == true
        let open = try await daemon.call(real + "?no=1", method: method, body: body)
        #expect((open.status == 401) == !isPublic, "\(method) \(path)")
        #expect(described.contains("401") || isPublic, "\(method) \(path)")
        for status in ["408", "414", "431", "503"] {
          #expect(described.contains(status), "\(method) \(path) \(status)")
        }
        if method == "GET", !path.hasSuffix("events") {
          let answer = try await daemon.call(real, right)
          #expect(described.contains("\(answer.status)"), "\(path) \(answer.status)")
          if let tag = answer.fields["etag"] {
            let again = try await daemon.call(real, right.merging(["If-None-Match": tag]) { $1 })
            expectDescribed(again, 304)
          } else {
            #expect(!described.contains("304") || answer.status != 200, "\(path)")
          }
        } else if method != "GET", !path.hasSuffix("verdicts") {
          let large = Data(repeating: 32, count: 70_000)
          expectDescribed(
            try await daemon.call(real, method: method, body: large, right), 413)
        }
      }
    }
  }

  @Test func descriptionAndDashboardAreServedAsTheyAreInTheRepository() async throws {
    let daemon = try await Daemon()
    let dashboard = Repository.root.appending(path: "Sources/AuditKit/Service/Dashboard")
    var files = [("/openapi.json", Self.schemas.appending(path: "openapi.json"))]
    for name in try FileManager.default.contentsOfDirectory(atPath: dashboard.path()) {
      files.append(
        (name == "index.html" ? "/" : "/assets/\(name)", dashboard.appending(path: name)))
    }
    let schemas = Self.schemas.appending(path: "api")
    for name in try FileManager.default.contentsOfDirectory(atPath: schemas.path()) {
      files.append(("/api/\(name)", schemas.appending(path: name)))
    }
    for (path, file) in files {
      let answer = try await daemon.call(path)
      #expect(answer.status == 200, "\(path)")
      #expect(answer.body == (try Data(contentsOf: file)), "\(path)")
    }
    let page = try await daemon.call("/")
    #expect(page.fields["content-security-policy"]?.contains("script-src 'self'") == true)
    #expect(page.fields["content-security-policy"]?.contains("unsafe") == false)
  }

  @Test func everyProblemIsDocumented() throws {
    let text = try String(
      contentsOf: Repository.root.appending(path: "docs/api.md"), encoding: .utf8)
    let source = try String(
      contentsOf: Repository.root.appending(path: "Sources/AuditKit/Service/Problem.swift"),
      encoding: .utf8)
    let kinds = source.matches(of: #/urn|case [a-zA-Z]+ = "([a-z-]+)"/#).compactMap { $0.1 }
    #expect(kinds.count >= 8)
    for kind in kinds + ["unauthorized", "forbidden", "conflict", "timeout", "unavailable"] {
      #expect(text.contains("`\(kind)`"), "\(kind)")
    }
  }
}
