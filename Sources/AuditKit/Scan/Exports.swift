@_exported public import AuditDump
