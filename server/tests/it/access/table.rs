//! The table: who may reach what. Each line is `kind METHOD path query-form-or-JSON | what each column is answered`.
//!
//! A number is an HTTP status, or for `grpc` a status of gRPC (0 OK, 7 PERMISSION_DENIED, 16 UNAUTHENTICATED). 303 of a page is the
//! way to the sign-in. 404 and 400 of a change mean that it was allowed, but there is no such thing, or the form is not good.

/// Who asks. All but the last ask a server with `--anonymous none`.
pub(super) const COLUMNS: [&str; 13] = [
    "nobody",
    "a wrong token",
    "an expired token",
    "a wrong session",
    "an expired session",
    "a viewer",
    "an engineer of the team that owns cart",
    "a manager",
    "an admin",
    "a token to read",
    "a token to read cart",
    "a token to send",
    "nobody, with --anonymous viewer",
];

/// See the module. Lines are asked in this order, and what they change stays changed.
pub(super) const TABLE: &str = r#"
# What the API is
api GET /api/openapi.json                                                              | 200 401 401 200 200 200 200 200 200 200 200 200 200

# What the pages show, as JSON
api GET /api/v1/overview                                                               | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/topology                                                               | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/services                                                               | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/services/{name}                                                        | 401 401 401 401 401 200 200 200 200 200 200 403 200
api GET /api/v1/traces                                                                 | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/traces service=cart                                                    | 401 401 401 401 401 200 200 200 200 200 200 403 200
api GET /api/v1/traces service=payments                                                | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/traces/{id}                                                            | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/logs                                                                   | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/logs service=cart                                                      | 401 401 401 401 401 200 200 200 200 200 200 403 200
api GET /api/v1/status                                                                 | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/audit                                                                  | 401 401 401 401 401 403 403 403 200 200 403 403 401
api GET /api/v1/audit format=jsonl                                                     | 401 401 401 401 401 403 403 403 200 200 403 403 401
api GET /api/v1/audit service=cart                                                     | 401 401 401 401 401 403 200 403 200 200 200 403 401
api GET /api/v1/audit service=payments                                                 | 401 401 401 401 401 403 403 403 200 200 403 403 401

# Objectives
api GET /api/v1/slos                                                                   | 401 401 401 401 401 200 200 200 200 200 403 403 200
api POST /api/v1/slos {"objective":{"name":"cart","service":"cart","target":0.99,"indicator":{"kind":"availability"}},"reason":"because"} | 401 401 401 401 401 403 201 403 400 403 403 403 401
api GET /api/v1/slos/{name}                                                            | 401 401 401 401 401 200 200 200 200 200 200 403 200
api PUT /api/v1/slos/{name} {"objective":{"name":"cart","service":"cart","target":0.99,"indicator":{"kind":"availability"}},"reason":"because"} | 401 401 401 401 401 403 200 403 200 403 403 403 401
api DELETE /api/v1/slos/{name} {"reason":"because"} | 401 401 401 401 401 403 204 404 404 404 403 403 404
api POST /api/v1/backtests {"objective":{"name":"cart","service":"cart","target":0.99,"indicator":{"kind":"availability"}},"range":"1h"} | 401 401 401 401 401 200 200 200 200 200 200 403 200
api GET /api/v1/openslo | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/openslo service=cart | 401 401 401 401 401 200 200 200 200 200 200 403 200
api POST /api/v1/openslo {"yaml":"x","reason":"because"} | 401 401 401 401 401 400 400 400 400 400 403 403 400
api GET /api/v1/alerts | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/alerts service=cart | 401 401 401 401 401 200 200 200 200 200 200 403 200
api POST /api/v1/alerts/{id}/ack | 401 401 401 401 401 404 404 404 404 404 403 403 404
api POST /api/v1/silences {"service":"cart","minutes":5,"reason":"because"} | 401 401 401 401 401 403 201 403 201 403 403 403 401
api DELETE /api/v1/silences/{id} {"reason":"because"} | 401 401 401 401 401 403 204 404 404 404 403 403 404
api GET /api/v1/exclusions | 401 401 401 401 401 200 200 200 200 200 403 403 200
api POST /api/v1/exclusions {"service":"cart","from":"x","to":"y","reason":"because"} | 401 401 401 401 401 403 400 403 400 403 403 403 401
api DELETE /api/v1/exclusions/{id} {"reason":"because"} | 401 401 401 401 401 404 404 404 404 404 403 403 404
api GET /api/v1/channels | 401 401 401 401 401 403 403 403 200 403 403 403 401
api POST /api/v1/channels {"channel":{"name":"hook","to":{"kind":"webhook","url":"http://127.0.0.1:9/"},"secret":"0123456789abcdef"},"reason":"because"} | 401 401 401 401 401 403 403 403 201 403 403 403 401
api PUT /api/v1/channels/{id} {"channel":{"name":"hook","to":{"kind":"webhook","url":"http://127.0.0.1:9/"},"secret":"0123456789abcdef"},"reason":"because"} | 401 401 401 401 401 403 403 403 204 403 403 403 401
api DELETE /api/v1/channels/{id} {"reason":"because"} | 401 401 401 401 401 403 403 403 204 403 403 403 401
api GET /api/v1/policies | 401 401 401 401 401 200 200 200 200 200 403 403 200
api PUT /api/v1/policies/{name} {"policy":"warn","reason":"because"} | 401 401 401 401 401 403 403 403 204 403 403 403 401

# Contracts and reports
api POST /api/v1/slos {"objective":{"name":"cart","service":"cart","target":0.99,"indicator":{"kind":"availability"}},"reason":"because"} | 401 401 401 401 401 403 201 403 400 403 403 403 401
api GET /api/v1/slas | 401 401 401 401 401 403 200 200 200 200 403 403 401
api POST /api/v1/slas {"contract":{"name":"cart","customer":"ACME","unit":"month","zone":"UTC","starts":"2100-01-01","amount":{"minor":1,"currency":"EUR"},"terms":[{"objective":"cart","target":0.9}],"tiers":[{"below":0.9,"review":true}]},"reason":"because"} | 401 401 401 401 401 403 403 201 400 403 403 403 401
api GET /api/v1/slas/{name} | 401 401 401 401 401 403 200 200 200 200 403 403 401
api GET /api/v1/slas/{name}/periods | 401 401 401 401 401 403 200 200 200 200 403 403 401
api PUT /api/v1/slas/{name} {"contract":{"name":"cart","customer":"ACME","unit":"month","zone":"UTC","starts":"2100-01-01","amount":{"minor":1,"currency":"EUR"},"terms":[{"objective":"cart","target":0.9}],"tiers":[{"below":0.9,"review":true}]},"reason":"because"} | 401 401 401 401 401 403 403 200 200 403 403 403 401
api POST /api/v1/slas/{name}/periods/{label}/corrections {"reason":"because"} | 401 401 401 401 401 403 403 404 404 403 403 403 401
api DELETE /api/v1/slas/{name} {"reason":"because"} | 401 401 401 401 401 403 403 204 404 403 403 403 401
api GET /api/v1/reports | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/reports/{label} | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/reports/{label} team=shop&format=csv | 401 401 401 401 401 200 200 200 200 200 403 403 200
api GET /api/v1/report-schedules | 401 401 401 401 401 403 403 200 200 403 403 403 401
api POST /api/v1/report-schedules {"schedule":{"channel":1,"unit":"month"},"reason":"because"} | 401 401 401 401 401 403 403 400 400 403 403 403 401
api DELETE /api/v1/report-schedules/{id} {"reason":"because"} | 401 401 401 401 401 403 403 404 404 403 403 403 401
api DELETE /api/v1/slos/{name} {"reason":"because"} | 401 401 401 401 401 403 204 404 404 404 403 403 404

# Machines
machine GET /healthz                                                                   | 200 200 200 200 200 200 200 200 200 200 200 200 200
machine GET /readyz                                                                    | 200 200 200 200 200 200 200 200 200 200 200 200 200
machine GET /metrics                                                                   | 401 401 401 401 401 200 200 200 200 200 403 403 200
machine GET /live                                                                      | 401 401 401 401 401 200 200 200 200 200 403 403 200

# Pages that show what services sent
page GET /                                                                             | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /topology                                                                     | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /traces                                                                       | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /traces/{id}                                                                  | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /logs                                                                         | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /services/{name}                                                              | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /slos                                                                         | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /slos/{name}                                                                  | 303 401 401 303 303 404 404 404 404 404 403 403 404
page GET /slos/new                                                                     | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /slos/{name}/edit                                                             | 303 401 401 303 303 404 404 404 404 404 403 403 404
page GET /alerts                                                                       | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /alerts/channels                                                              | 303 401 401 303 303 403 403 403 200 403 403 403 401
page GET /slas                                                                         | 303 401 401 303 303 403 200 200 200 200 403 403 401
page GET /slas/new                                                                     | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /slas/{name}                                                                  | 303 401 401 303 303 403 404 404 404 404 403 403 401
page GET /slas/{name}/edit                                                             | 303 401 401 303 303 403 404 404 404 404 403 403 401
page GET /reports                                                                      | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /reports/{label}                                                              | 303 401 401 303 303 200 200 200 200 200 403 403 200

# Pages about people
page GET /sign-in                                                                      | 200 401 401 200 200 200 200 200 200 200 200 200 200
page GET /setup                                                                        | 200 401 401 200 200 200 200 200 200 403 403 403 200
page GET /profile                                                                      | 303 401 401 303 303 200 200 200 200 403 403 403 401
page GET /profile/tokens                                                               | 303 401 401 303 303 200 200 200 200 200 403 403 200
page GET /teams                                                                        | 303 401 401 303 303 200 200 200 200 403 403 403 401
page GET /teams/{name}                                                                 | 303 401 401 303 303 404 404 404 404 403 403 403 401
page GET /users                                                                        | 303 401 401 303 303 403 403 403 200 403 403 403 401
page GET /audit                                                                        | 303 401 401 303 303 403 403 403 200 200 403 403 401
page POST /profile/tokens name=x&scope=read&days=1                                     | 401 401 401 401 401 200 200 200 200 403 403 403 401
page POST /profile/tokens name=x&scope=ingest&days=1                                   | 401 401 401 401 401 403 403 403 200 403 403 403 401
page POST /profile/tokens name=x&scope=ingest&services=cart&days=1                     | 401 401 401 401 401 403 200 403 200 403 403 403 401
page POST /profile/tokens name=x&scope=ingest&services=payments&days=1                 | 401 401 401 401 401 403 403 403 200 403 403 403 401

# Server functions that read
fn GET /fn/overview                                                                    | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/topology                                                                    | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/traces                                                                      | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/logs                                                                        | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/status                                                                      | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/choices                                                                     | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/logs form[service]=cart                                                     | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/traces form[service]=cart                                                   | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/choices service=cart                                                        | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/service name=cart                                                           | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/service name=payments                                                       | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/trace id=00000000000000000000000000000001                                   | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/span trace=00000000000000000000000000000001&span=0000000000000001           | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/service_record service=cart                                                 | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/service_record service=payments                                             | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/me                                                                          | 200 401 401 200 200 200 200 200 200 200 200 200 200
fn GET /fn/ways_in                                                                     | 200 401 401 200 200 200 200 200 200 200 200 200 200
fn GET /fn/setup_link link=wrong                                                       | 200 401 401 200 200 200 200 200 200 403 403 403 200
fn GET /fn/profile                                                                     | 401 401 401 401 401 200 200 200 200 403 403 403 401
fn GET /fn/teams                                                                       | 401 401 401 401 401 200 200 200 200 403 403 403 401
fn GET /fn/team name=shop                                                              | 401 401 401 401 401 200 200 200 200 403 403 403 401
fn GET /fn/users                                                                       | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn GET /fn/tokens                                                                      | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn GET /fn/slos                                                                        | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/slos service=cart                                                           | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/slo name=none                                                               | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/slo_spending name=none                                                      | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/slo_course name=none                                                        | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/slo_backtest form[name]=fast&form[service]=cart&form[kind]=availability&form[target]=99&form[window]=30d&form[min_events]=100 | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/alerts                                                                      | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/alerts service=cart                                                         | 401 401 401 401 401 200 200 200 200 200 200 403 200
fn GET /fn/channels                                                                    | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn GET /fn/slas                                                                        | 401 401 401 401 401 403 200 200 200 200 403 403 401
fn GET /fn/sla name=none                                                               | 401 401 401 401 401 403 200 200 200 200 403 403 401
fn GET /fn/reports                                                                     | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/report label=2026-10                                                        | 401 401 401 401 401 200 200 200 200 200 403 403 200
fn GET /fn/audit                                                                       | 401 401 401 401 401 403 403 403 200 200 403 403 401
fn GET /fn/audit form[service]=cart                                                    | 401 401 401 401 401 403 200 403 200 200 200 403 401

# Server functions that change
fn POST /fn/service_edit service=cart&description=x&runbook=&repository=&reason=because | 401 401 401 401 401 403 200 403 200 403 403 403 401
fn POST /fn/service_edit service=payments&description=x&runbook=&repository=&reason=because | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/service_assign service=payments&team=&reason=because                       | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/team_create name=new&title=New&reason=because                              | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/team_rename name=new&title=Newer&reason=because                            | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/member_add team=new&user=viewer&reason=because                             | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/member_remove team=new&user=viewer&reason=because                          | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/team_remove name=new&reason=because                                        | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/user_create name=new&display_name=New&email=&role=viewer&password=&reason=because | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/user_role name=new&role=engineer&reason=because                            | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/user_password name=new&password=a+long+password&reason=because             | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/user_disabled name=new&disabled=true&reason=because                        | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/user_end_sessions name=new&reason=because                                  | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/slo_create name=fast&service=cart&kind=availability&target=99&window=30d&min_events=100&reason=because | 401 401 401 401 401 403 200 403 400 403 403 403 401
fn POST /fn/slo_create name=other&service=payments&kind=availability&target=99&window=30d&min_events=100&reason=because | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/slo_edit old=fast&name=fast&service=cart&kind=availability&target=99&window=30d&min_events=100&reason=because | 401 401 401 401 401 403 200 403 200 403 403 403 401
fn POST /fn/silence_begin service=cart&objective=fast&minutes=5&reason=because         | 401 401 401 401 401 403 200 403 200 403 403 403 401
fn POST /fn/silence_end id=0&reason=because                                            | 401 401 401 401 401 404 404 404 404 404 403 403 404
fn POST /fn/exclusion_begin service=cart&objective=fast&from=x&to=y&reason=because     | 401 401 401 401 401 403 400 403 400 403 403 403 401
fn POST /fn/exclusion_end id=0&reason=because                                          | 401 401 401 401 401 404 404 404 404 404 403 403 404
fn POST /fn/alert_ack id=0                                                             | 401 401 401 401 401 404 404 404 404 404 403 403 404
fn POST /fn/policy_set service=cart&policy=warn&reason=because                         | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/sla_create name=paper&customer=ACME&unit=month&zone=UTC&starts=2100-01-01&amount=1+EUR&terms=fast+90&tiers=90+10&reason=because | 401 401 401 401 401 403 403 200 400 403 403 403 401
fn POST /fn/sla_edit old=paper&name=paper&customer=ACME&unit=month&zone=UTC&starts=2100-01-01&amount=1+EUR&terms=fast+90&tiers=90+10&reason=because| 401 401 401 401 401 403 403 200 200 403 403 403 401
fn POST /fn/sla_correct name=paper&label=2026-10&reason=because                        | 401 401 401 401 401 403 403 404 404 403 403 403 401
fn POST /fn/sla_remove name=paper&reason=because                                       | 401 401 401 401 401 403 403 200 404 403 403 403 401
fn POST /fn/schedule_begin channel=0&unit=month&reason=because                         | 401 401 401 401 401 403 403 400 400 403 403 403 401
fn POST /fn/schedule_end id=0&reason=because                                           | 401 401 401 401 401 403 403 404 404 403 403 403 401
fn POST /fn/slo_remove name=fast&reason=because                                        | 401 401 401 401 401 403 200 404 404 404 403 403 404
fn POST /fn/channel_create name=page&kind=webhook&url=http://127.0.0.1:9/&secret=0123456789abcdef&least=page&reason=because | 401 401 401 401 401 403 403 403 200 403 403 403 401
fn POST /fn/channel_edit id=0&name=page&kind=slack&secret=http://127.0.0.1:9/&least=page&reason=because | 401 401 401 401 401 403 403 403 404 403 403 403 401
fn POST /fn/channel_remove id=0&reason=because                                         | 401 401 401 401 401 403 403 403 404 403 403 403 401
fn POST /fn/token_revoke id=0&reason=because                                           | 401 401 401 401 401 403 403 403 404 403 403 403 401
fn POST /fn/session_end id=0                                                           | 401 401 401 401 401 404 404 404 404 403 403 403 401
fn POST /fn/sessions_end_others                                                        | 401 401 401 401 401 200 200 200 200 403 403 403 401
fn POST /fn/password_change old=wrong&new=another+long+password                        | 401 401 401 401 401 400 400 400 400 403 403 403 401

# Telemetry
otlp POST /v1/traces                                                                   | 401 401 401 401 401 401 401 401 401 403 403 200 401
otlp POST /v1/logs                                                                     | 401 401 401 401 401 401 401 401 401 403 403 200 401
otlp POST /v1/metrics                                                                  | 401 401 401 401 401 401 401 401 401 403 403 200 401
grpc POST /opentelemetry.proto.collector.trace.v1.TraceService/Export                  | 16 16 16 16 16 16 16 16 16 7 7 0 16
grpc POST /opentelemetry.proto.collector.logs.v1.LogsService/Export                    | 16 16 16 16 16 16 16 16 16 7 7 0 16
grpc POST /opentelemetry.proto.collector.metrics.v1.MetricsService/Export              | 16 16 16 16 16 16 16 16 16 7 7 0 16

# Ways in and out
way GET /sign-in/oidc                                                                  | 404 401 401 404 404 404 404 404 404 404 404 404 404
way GET /sign-in/oidc/callback                                                         | 404 401 401 404 404 404 404 404 404 404 404 404 404
way POST /sign-in name=somebody&password=wrong                                         | 303 401 401 303 303 303 303 303 303 403 403 403 303
way POST /setup link=wrong&name=eve&password=a+long+password                           | 303 401 401 303 303 303 303 303 303 403 403 403 303
way POST /sign-out                                                                     | 303 401 401 303 303 303 303 303 303 303 303 303 303
"#;
