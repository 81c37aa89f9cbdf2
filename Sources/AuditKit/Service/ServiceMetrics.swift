import AuditHTTP
import Foundation
import HTTPTypes
import Synchronization

/// What the service counts, in Prometheus' text format (version 0.0.4).
final class ServiceMetrics: Sendable {
  private struct Counts {
    var requests: [Series: Int] = [:]
    var seconds: [String: Histogram] = [:]
    var refused = 0
    var broken = 0
  }

  private struct Series: Hashable {
    let route: String
    let method: String
    let status: Int
  }

  private struct Histogram {
    var buckets = [Int](repeating: 0, count: ServiceMetrics.bounds.count)
    var count = 0
    var sum = 0.0
  }

  /// Upper bounds of the buckets of answer times, in seconds.
  private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 20]

  private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

  private let counts = Mutex(Counts())

  /// Counts an answer of a route.
  func count(_ exchange: Exchange, route: String) {
    counts.withLock { counts in
      guard let head = exchange.head else {
        counts.refused += 1
        return
      }
      if exchange.bytes == nil { counts.broken += 1 }
      // Methods are the client's to choose, so only known ones become series.
      let method = head.method.rawValue
      let series = Series(
        route: route, method: Self.methods.contains(method) ? method : "other",
        status: exchange.status.code)
      counts.requests[series, default: 0] += 1
      var histogram = counts.seconds[route] ?? Histogram()
      histogram.count += 1
      histogram.sum += exchange.seconds
      for (place, bound) in Self.bounds.enumerated() where exchange.seconds <= bound {
        histogram.buckets[place] += 1
      }
      counts.seconds[route] = histogram
    }
  }

  /// All of it, with what others know: jobs by state, open connections.
  func text(jobs: [Job.State: Int], connections: Int) -> String {
    counts.withLock { counts in
      var text = MetricsText()
      text.family("auditd_http_requests_total", "counter", "Answers by route, method and status.")
      for (series, count) in counts.requests.sorted(by: { "\($0.key)" < "\($1.key)" }) {
        text.sample(
          "auditd_http_requests_total", Double(count),
          ["route": series.route, "method": series.method, "status": "\(series.status)"])
      }
      text.family(
        "auditd_http_request_seconds", "histogram", "Time to answer, from the end of the request.")
      for (route, histogram) in counts.seconds.sorted(by: { $0.key < $1.key }) {
        for (bound, count) in zip(Self.bounds, histogram.buckets) {
          text.sample(
            "auditd_http_request_seconds_bucket", Double(count),
            ["route": route, "le": "\(bound)"])
        }
        text.sample(
          "auditd_http_request_seconds_bucket", Double(histogram.count),
          ["route": route, "le": "+Inf"])
        text.sample("auditd_http_request_seconds_sum", histogram.sum, ["route": route])
        text.sample(
          "auditd_http_request_seconds_count", Double(histogram.count), ["route": route])
      }
      text.single(
        "auditd_http_refused_total", "counter", "Requests refused before they were whole.",
        Double(counts.refused))
      text.single(
        "auditd_http_broken_total", "counter", "Answers that the client did not take to the end.",
        Double(counts.broken))
      text.single(
        "auditd_http_connections", "gauge", "Open connections.", Double(connections))
      text.family("auditd_jobs", "gauge", "Jobs by state.")
      for state in [Job.State.queued, .running, .stopped, .failed, .finished] {
        text.sample("auditd_jobs", Double(jobs[state] ?? 0), ["state": state.rawValue])
      }
      text.single(
        "process_resident_memory_bytes", "gauge", "Resident memory.",
        Double(ProcessStatus.residentBytes))
      text.single(
        "process_open_fds", "gauge", "Open descriptors.", Double(ProcessStatus.descriptorCount))
      return text.text
    }
  }
}

/// Lines of Prometheus' text format.
private struct MetricsText {
  private(set) var text = ""

  mutating func family(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  mutating func sample(_ name: String, _ value: Double, _ labels: [String: String] = [:]) {
    let list = labels.sorted { $0.key < $1.key }
      .map {
        "\($0.key)=\"\($0.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
      }
    let number = Int64(exactly: value).map(String.init) ?? "\(value)"
    text += name + (list.isEmpty ? "" : "{\(list.joined(separator: ","))}") + " \(number)\n"
  }

  mutating func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
    family(name, type, help)
    sample(name, value)
  }
}

/// What the kernel tells of this process.
enum ProcessStatus {
  /// Memory that is in use, in bytes.
  static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(
      separator: " ")
    return (fields.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0)
      * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Open files and sockets.
  static var descriptorCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }
}
