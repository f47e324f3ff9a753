//! Every path of the console's port that is not a page, a server function or an asset: in these lists, and nowhere else. The routers
//! are built from them, so a path that is not here does not exist; the tests of who may reach what read the same file.

/// Gives a list of routes its type: `ALL`, `method()` and `path()`.
macro_rules! routes {
    ($(#[$doc:meta])* $kind:ident { $($variant:ident => $method:ident $path:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the path says it")]
        pub enum $kind {
            $($variant),+
        }

        #[allow(dead_code, reason = "the router reads some of it, the tests the rest")]
        impl $kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its only method; GET stands for HEAD as well.
            pub fn method(self) -> http::Method {
                match self {
                    $(Self::$variant => http::Method::$method),+
                }
            }

            /// The same, as a router takes it.
            pub fn filter(self) -> axum::routing::MethodFilter {
                match self {
                    $(Self::$variant => axum::routing::MethodFilter::$method),+
                }
            }

            /// With `{name}` for what varies.
            pub fn path(self) -> &'static str {
                match self {
                    $(Self::$variant => $path),+
                }
            }
        }
    };
}

routes!(
    /// What the pages show, as JSON.
    Api {
        Overview => GET "/api/v1/overview",
        Topology => GET "/api/v1/topology",
        Services => GET "/api/v1/services",
        Service => GET "/api/v1/services/{name}",
        Traces => GET "/api/v1/traces",
        Trace => GET "/api/v1/traces/{id}",
        Logs => GET "/api/v1/logs",
        Status => GET "/api/v1/status",
        Audit => GET "/api/v1/audit",
        Slos => GET "/api/v1/slos",
        SloNew => POST "/api/v1/slos",
        Slo => GET "/api/v1/slos/{name}",
        SloEdit => PUT "/api/v1/slos/{name}",
        SloRemove => DELETE "/api/v1/slos/{name}",
        Backtest => POST "/api/v1/backtests",
        OpenSloOut => GET "/api/v1/openslo",
        OpenSloIn => POST "/api/v1/openslo",
        Alerts => GET "/api/v1/alerts",
        AlertAck => POST "/api/v1/alerts/{id}/ack",
        SilenceNew => POST "/api/v1/silences",
        SilenceEnd => DELETE "/api/v1/silences/{id}",
        Exclusions => GET "/api/v1/exclusions",
        ExclusionNew => POST "/api/v1/exclusions",
        ExclusionEnd => DELETE "/api/v1/exclusions/{id}",
        Channels => GET "/api/v1/channels",
        ChannelNew => POST "/api/v1/channels",
        ChannelEdit => PUT "/api/v1/channels/{id}",
        ChannelRemove => DELETE "/api/v1/channels/{id}",
        Policies => GET "/api/v1/policies",
        PolicySet => PUT "/api/v1/policies/{name}",
        Slas => GET "/api/v1/slas",
        SlaNew => POST "/api/v1/slas",
        Sla => GET "/api/v1/slas/{name}",
        SlaEdit => PUT "/api/v1/slas/{name}",
        SlaRemove => DELETE "/api/v1/slas/{name}",
        SlaPeriods => GET "/api/v1/slas/{name}/periods",
        SlaCorrect => POST "/api/v1/slas/{name}/periods/{label}/corrections",
        Reports => GET "/api/v1/reports",
        Report => GET "/api/v1/reports/{label}",
        Schedules => GET "/api/v1/report-schedules",
        ScheduleNew => POST "/api/v1/report-schedules",
        ScheduleEnd => DELETE "/api/v1/report-schedules/{id}",
    }
);

routes!(
    /// Ways in and out. The forms for them are pages.
    Way {
        SignIn => POST "/sign-in",
        SetUp => POST "/setup",
        SignOut => POST "/sign-out",
        ToProvider => GET "/sign-in/oidc",
        FromProvider => GET "/sign-in/oidc/callback",
    }
);

routes!(
    /// Forms whose answer is a page that holds what no URL may hold. GET of the same path is a page.
    Form {
        NewToken => POST "/profile/tokens",
    }
);

routes!(
    /// For machines, and for open pages.
    Machine {
        Healthy => GET "/healthz",
        Ready => GET "/readyz",
        Metrics => GET "/metrics",
        Live => GET "/live",
    }
);
