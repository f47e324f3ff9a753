//! Every path of the console's port that is not a page, a server function or an asset: in these lists, and nowhere else. The routers
//! are built from them, so a path that is not here does not exist; the tests of who may reach what read the same file.
//!
//! ```text
//! api_routes! --+--> Api: methods, paths, actions ---> the tests of who may reach what
//!               `--> api::described: handlers --+----> the router
//!                                               `----> /api/openapi.json
//! ```

use pointsman_domain::people::Action;

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

/// The routes of the API: its name here, method, path, handler below `web::api`, and the action that has to be allowed, where it takes one. Each
/// handler describes itself to `utoipa`; without that, it can't stand here. Hands the rows to another macro.
macro_rules! api_routes {
    ($then:ident) => {
        $then! {
            Document => GET "/api/openapi.json" document::openapi [],
            Overview => GET "/api/v1/overview" see::overview [Read],
            Topology => GET "/api/v1/topology" see::topology [Read],
            Services => GET "/api/v1/services" see::services [Read],
            Service => GET "/api/v1/services/{name}" see::service [Read],
            Traces => GET "/api/v1/traces" see::traces [Read],
            Trace => GET "/api/v1/traces/{id}" see::trace [Read],
            Logs => GET "/api/v1/logs" see::logs [Read],
            Status => GET "/api/v1/status" see::status [Read],
            Audit => GET "/api/v1/audit" people::audit::audit [ReadAudit],
            Slos => GET "/api/v1/slos" promise::slos::list [Read],
            SloNew => POST "/api/v1/slos" promise::slos::create [EditObjective],
            Slo => GET "/api/v1/slos/{name}" promise::slos::detail [Read],
            SloEdit => PUT "/api/v1/slos/{name}" promise::slos::edit [EditObjective],
            SloRemove => DELETE "/api/v1/slos/{name}" promise::slos::remove [EditObjective],
            Backtest => POST "/api/v1/backtests" promise::slos::backtest [Read],
            OpenSloOut => GET "/api/v1/openslo" promise::slos::export [Read],
            OpenSloIn => POST "/api/v1/openslo" promise::slos::import [EditObjective],
            Alerts => GET "/api/v1/alerts" promise::alerts::list [Read],
            AlertAck => POST "/api/v1/alerts/{id}/ack" promise::alerts::acknowledge [AckAlert],
            SilenceNew => POST "/api/v1/silences" promise::alerts::silence [Silence],
            SilenceEnd => DELETE "/api/v1/silences/{id}" promise::alerts::end_silence [Silence],
            Exclusions => GET "/api/v1/exclusions" promise::exclusions::list [Read],
            ExclusionNew => POST "/api/v1/exclusions" promise::exclusions::create [EditExclusion],
            ExclusionEnd => DELETE "/api/v1/exclusions/{id}" promise::exclusions::end [EditExclusion],
            Channels => GET "/api/v1/channels" promise::channels::list [EditChannels],
            ChannelNew => POST "/api/v1/channels" promise::channels::create [EditChannels],
            ChannelEdit => PUT "/api/v1/channels/{id}" promise::channels::edit [EditChannels],
            ChannelRemove => DELETE "/api/v1/channels/{id}" promise::channels::remove [EditChannels],
            Policies => GET "/api/v1/policies" promise::policies::list [Read],
            PolicySet => PUT "/api/v1/policies/{name}" promise::policies::set [EditPolicy],
            Slas => GET "/api/v1/slas" promise::slas::list [ReadContracts],
            SlaNew => POST "/api/v1/slas" promise::slas::create [EditContracts],
            Sla => GET "/api/v1/slas/{name}" promise::slas::detail [ReadContracts],
            SlaEdit => PUT "/api/v1/slas/{name}" promise::slas::edit [EditContracts],
            SlaRemove => DELETE "/api/v1/slas/{name}" promise::slas::remove [EditContracts],
            SlaPeriods => GET "/api/v1/slas/{name}/periods" promise::slas::periods [ReadContracts],
            SlaCorrect => POST "/api/v1/slas/{name}/periods/{label}/corrections" promise::slas::correct [EditContracts],
            Reports => GET "/api/v1/reports" promise::reports::list [Read],
            Report => GET "/api/v1/reports/{label}" promise::reports::report [Read],
            Schedules => GET "/api/v1/report-schedules" promise::reports::schedules [SendReports],
            ScheduleNew => POST "/api/v1/report-schedules" promise::reports::schedule [SendReports],
            ScheduleEnd => DELETE "/api/v1/report-schedules/{id}" promise::reports::end_schedule [SendReports],
        }
    };
}
#[allow(unused_imports, reason = "the router reads it, the tests do not")]
pub(crate) use api_routes;

macro_rules! api_enum {
    ($($variant:ident => $method:ident $path:literal $($handler:ident)::+ [$($action:ident)?]),+ $(,)?) => {
        routes!(
            /// What the pages show, as JSON.
            Api { $($variant => $method $path),+ }
        );

        impl Api {
            /// What has to be allowed; `None` for what anybody may read.
            pub fn action(self) -> Option<Action> {
                match self {
                    $(Self::$variant => None$(.or(Some(Action::$action)))?),+
                }
            }
        }
    };
}
api_routes!(api_enum);

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
