import AuditHTTP
import HTTPTypes

/// A path with a method, and what answers it.
struct Route: Sendable {
  typealias Handler = @Sendable (Call) async throws -> Response

  let method: HTTPRequest.Method
  /// Such as "/v1/runs/{run}".
  let pattern: String
  /// Names that the query may have.
  let query: Set<String>
  /// Whether it is open to those without the token.
  let isPublic: Bool
  /// The largest body it takes; nil: the server's limit.
  let maximumBodyBytes: Int?
  /// How long it may take; false for streams.
  let isTimed: Bool
  let handler: Handler

  private let segments: [Substring]

  init(
    _ method: HTTPRequest.Method, _ pattern: String, query: Set<String> = [],
    isPublic: Bool = false, maximumBodyBytes: Int? = nil, isTimed: Bool = true,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.query = query
    self.isPublic = isPublic
    self.maximumBodyBytes = maximumBodyBytes
    self.isTimed = isTimed
    self.handler = handler
    segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }

  /// The path's parameters; nil where it is another path.
  func parameters(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    for (segment, given) in zip(segments, path) {
      guard segment.first == "{" ? !given.isEmpty : segment == given else { return nil }
    }
    var parameters: [String: String] = [:]
    for (segment, given) in zip(segments, path) where segment.first == "{" {
      parameters[String(segment.dropFirst().dropLast())] = given
    }
    return parameters
  }
}

/// All routes, and the choice among them.
struct Router: Sendable {
  let routes: [Route]

  /// What a request leads to.
  ///
  /// - Throws: `Problem` for a path or method that there is not.
  func route(_ head: RequestHead) throws(Problem) -> (Route, [String: String]) {
    let method = head.method == .head ? .get : head.method
    var allowed: [String] = []
    for route in routes {
      guard let parameters = route.parameters(head.target.segments) else { continue }
      if route.method == method { return (route, parameters) }
      allowed.append(route.method.rawValue)
      if route.method == .get { allowed.append("HEAD") }
    }
    guard !allowed.isEmpty else {
      throw Problem(.notFound, "There is nothing at this path; /openapi.json lists what there is.")
    }
    var problem = Problem(
      .methodNotAllowed, "This path takes \(allowed.sorted().joined(separator: ", ")).")
    problem.fields[.allow] = allowed.sorted().joined(separator: ", ")
    throw problem
  }

  /// Refuses names in the query that the route does not have: they are mistyped.
  ///
  /// - Throws: `Problem`.
  func checkQuery(_ head: RequestHead, _ route: Route) throws(Problem) {
    if let unknown = head.target.query.first(where: { !route.query.contains($0.name) }) {
      let known = route.query.sorted().joined(separator: ", ")
      throw Problem(
        .invalidParameter,
        "There is no parameter “\(unknown.name.prefix(100))” here"
          + (known.isEmpty ? "." : "; there are \(known)."))
    }
  }
}
