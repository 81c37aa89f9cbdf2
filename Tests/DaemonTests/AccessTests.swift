import Foundation
import Testing
import TestSupport

/// Who may call, and what may be submitted.
@Suite(.timeLimit(.minutes(20)))
struct AccessTests {
  private static let token = "0123456789abcdef0123456789abcdef"

  private func guarded() async throws -> Daemon {
    let folder = try Daemon.makeFolder()
    try folder.write("token", Self.token + "\n")
    return try await Daemon(in: folder, "--token-file", folder.file("token"))
  }

  @Test func tokenOpensAndNothingElseDoes() async throws {
    let daemon = try await guarded()
    let run = try daemon.makeReport("report", pairs: .hostile())
    let paths = [
      "/v1/runs", "/v1/runs/\(run)", "/v1/runs/\(run)/export", "/metrics", "/nowhere",
    ]
    for path in paths {
      let answer = try await daemon.call(path)
      #expect(answer.status == 401 && answer.problem == "unauthorized", "\(path)")
      #expect(answer.fields["www-authenticate"]?.hasPrefix("Bearer") == true)
      for wrong in ["Bearer x", "Bearer \(Self.token)x", "Basic \(Self.token)", Self.token] {
        #expect(try await daemon.call(path, ["Authorization": wrong]).status == 401)
      }
      let right = try await daemon.call(path, ["Authorization": "Bearer \(Self.token)"])
      #expect(right.status == (path == "/nowhere" ? 404 : 200), "\(path)")
    }
    for path in ["/healthz", "/readyz", "/", "/openapi.json", "/assets/main.js"] {
      #expect(try await daemon.call(path).status == 200, "\(path)")
    }
    #expect(!daemon.logText.contains(Self.token))
  }

  @Test func browserGetsACookieForTheToken() async throws {
    let daemon = try await guarded()
    let refused = try await daemon.call("/v1/session", method: "POST", json: ["token": "wrong"])
    #expect(refused.status == 401)
    let answer = try await daemon.call(
      "/v1/session", method: "POST", json: ["token": Self.token])
    #expect(answer.status == 204)
    let cookie = try #require(answer.fields["set-cookie"])
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(part)) }
    #expect(!cookie.contains(Self.token))
    let value = String(cookie.prefix { $0 != ";" })
    #expect(try await daemon.call("/v1/runs", ["Cookie": "a=b; \(value)"]).status == 200)
    #expect(try await daemon.call("/v1/runs", ["Cookie": value + "0"]).status == 401)
  }

  @Test func otherSitesPagesAreRefused() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    let path = "/v1/runs/\(run)/pairs/key1/verdict"
    let evil = try await daemon.call(
      path, method: "PUT", json: ["verdict": "clean"], ["Origin": "http://evil.example"])
    #expect(evil.status == 403 && evil.problem == "forbidden")
    let own = try await daemon.call(
      path, method: "PUT", json: ["verdict": "clean"],
      ["Origin": daemon.url.absoluteString])
    #expect(own.status == 200)
    // A form of another site can send text, but not JSON.
    let form = try await daemon.call(
      path, method: "PUT", body: Data(#"{"verdict":"clean"}"#.utf8), ["Content-Type": "text/plain"])
    #expect(form.status == 415)
    // A name of another site that was made to lead here.
    #expect(try await daemon.call("/v1/runs", ["Host": "evil.example"]).status == 403)
    #expect(try await daemon.call("/v1/runs", ["Host": "localhost:1"]).status == 200)
  }

  @Test func onlyPathsBelowTheRootsAreTaken() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let root = daemon.folder.file("roots")
    let outside = daemon.folder.file("outside")
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try daemon.folder.link("roots/link", to: outside)
    try daemon.folder.link("roots/inner", to: root + "/shapes")
    let refused = [
      "/etc", "/etc/passwd", root + "/../outside", root + "/shapes/../../outside", root + "/link",
      root + "/missing", outside, root + "x", "/",
    ]
    for crawl in refused {
      let answer = try await daemon.call("/v1/runs", method: "POST", json: ["crawl": crawl])
      #expect(answer.status == 403 && answer.problem == "forbidden", "\(crawl)")
    }
    for crawl in ["shapes", "", "roots/shapes"] {
      let answer = try await daemon.call("/v1/runs", method: "POST", json: ["crawl": crawl])
      #expect(answer.status == 422, "\(crawl)")
    }
    for crawl in [root + "/shapes", root + "/./shapes/", root + "/inner", root] {
      let answer = try await daemon.call("/v1/runs", method: "POST", json: ["crawl": crawl])
      #expect(answer.status == 201, "\(crawl)")
    }
    for setting in [
      ["crawl.imageRoot": "/"], ["preset": "/etc/passwd.json"], ["trusted": "/etc/passwd"],
      ["tokenizer.mergesPath": "/etc/passwd"], ["textAugmentation.wordNetFolder": outside],
    ] {
      let answer = try await daemon.call(
        "/v1/runs", method: "POST", json: ["crawl": root + "/shapes", "settings": setting])
      #expect(answer.status == 403, "\(setting)")
    }
    let held = try await daemon.call(
      "/v1/runs", method: "POST", json: ["crawl": root + "/shapes", "heldOut": "/etc"])
    #expect(held.status == 403)
  }

  @Test(arguments: [
    #"[]"#, #"{"#, #"{"crawl":7}"#, #"{"crawl":"/x","more":1}"#,
    #"{"crawl":"ROOT","settings":[]}"#, #"{"crawl":"ROOT","settings":{"training":{"epoch":3}}}"#,
    #"{"crawl":"ROOT","settings":{"training.epochs":-3}}"#, #"{"crawl":"ROOT","format":"zip"}"#,
    #"{"crawl":"ROOT","keepModel":"yes"}"#, #"{"crawl":"ROOT","verdictsFrom":"x"}"#, "\u{0}", "",
  ])
  func wrongSubmissionsAreToldWhy(body: String) async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let text = body.replacing("ROOT", with: daemon.crawl)
    let answer = try await daemon.call(
      "/v1/runs", method: "POST", body: Data(text.utf8), ["Content-Type": "application/json"])
    #expect(answer.status == 422 && answer.problem == "invalid-body", "\(text): \(answer.status)")
    #expect((try answer.json["detail"] as? String)?.isEmpty == false)
  }

  @Test func startIsRefusedWhereItWouldBeOpenToAll() async throws {
    let folder = try TemporaryFolder()
    let open = try await Daemon.run(
      ["--report-dir", folder.file("r"), "--listen", "0.0.0.0:0"])
    #expect(open.status == 1 && open.log.contains("--token-file"))
    try folder.write("short", "secret\n")
    let short = try await Daemon.run(
      ["--report-dir", folder.file("r"), "--token-file", folder.file("short")])
    #expect(short.status == 1 && short.log.contains("too short"))
    let root = try await Daemon.run(
      ["--report-dir", folder.file("r"), "--crawl-root", folder.file("none")])
    #expect(root.status == 1 && root.log.contains("--crawl-root"))
    let file = try folder.write("file", "x")
    let noFolder = try await Daemon.run(["--report-dir", folder.file("r"), "--crawl-root", file])
    #expect(noFolder.status == 1 && noFolder.log.contains("not a folder"))
    let address = try await Daemon.run(["--report-dir", folder.file("r"), "--listen", "here"])
    #expect(address.status == 1 && address.log.contains("here"))
    try folder.write("bad.json", #"{"reportDirs": "x"}"#)
    let bad = try await Daemon.run(["--config", folder.file("bad.json")])
    #expect(bad.status == 64 || bad.status == 1)
    #expect(bad.log.contains("reportDirs"))
  }

  @Test func settingsComeFromAFileAndTheCommandLineGoesOverIt() async throws {
    let folder = try Daemon.makeFolder()
    try folder.write(
      "auditd.json",
      #"{"maxJobs": 0, "crawlRoots": ["/nowhere"], "limits": {"maximumBodyBytes": 100}}"#)
    let daemon = try await Daemon(in: folder, "--config", folder.file("auditd.json"))
    // The roots of the command line, not those of the file, which are not there.
    let run = try await daemon.submit(["settings": [:]])
    #expect(try await daemon.state(run) == "queued")
    let large = try await daemon.call(
      "/v1/runs", method: "POST", json: ["crawl": String(repeating: "x", count: 200)])
    #expect(large.status == 413, "one limit of the file, and the defaults for the others")
    try folder.write(
      "log.json", #"{"logFormat": "json", "logLevel": "critical", "listen": ["0.0.0.0:0"]}"#)
    let log = try await Daemon.run(["--config", folder.file("log.json")])
    #expect(log.log.hasPrefix("{") && log.log.contains(#""level":"critical""#), "\(log.log)")
    let over = try await Daemon.run(
      ["--config", folder.file("log.json"), "--log-format", "text"])
    #expect(!over.log.hasPrefix("{"))
    for (text, word) in [
      (#"{"logFormat": "xml"}"#, "logFormat"), (#"{"logLevel": "loud"}"#, "logLevel"),
      (#"{"niceness": 20}"#, "niceness"), (#"{"limits": {"headSecond": 1}}"#, "headSeconds"),
      (#"{"maxJobs": "x"}"#, "maxJobs"), ("{", "bad.json"),
    ] {
      try folder.write("bad.json", text)
      let refused = try await Daemon.run(["--config", folder.file("bad.json")])
      #expect(refused.status != 0 && refused.log.contains(word), "\(text): \(refused.log)")
    }
  }

  @Test func secondServiceOnAFolderIsRefused() async throws {
    let daemon = try await Daemon()
    let second = try await Daemon.run(
      ["--report-dir", daemon.folder.file("reports"), "--listen", "127.0.0.1:0"])
    #expect(second.status == 1)
    #expect(second.log.contains("process \(daemon.pid)"), "\(second.log)")
    #expect(try await daemon.call("/healthz").status == 200)
  }
}
