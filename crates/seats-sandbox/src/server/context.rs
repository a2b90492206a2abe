//! What the connections of one sandbox share, and how a request becomes a response.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;

use super::log::{Log, LogEntry};
use super::redaction::Redaction;
use crate::clock::Clock;
use crate::faults::apply::apply;
use crate::faults::delivery::Delivery;
use crate::faults::schedule::Schedule;
use crate::message::request::Request;
use crate::routing::route::Route;
use crate::state::account::Accounts;
use crate::vendor::services::Services;

/// A function that is called with each request before its response is sent.
pub(crate) type Observer = Box<dyn Fn(&LogEntry) + Send + Sync>;

/// What does not change while a sandbox runs.
pub(crate) struct Settings {
    pub(crate) services: &'static Services,
    /// The URL of the sandbox, under which the authority is reached.
    pub(crate) authority: String,
    pub(crate) clock: Clock,
    pub(crate) observer: Option<Observer>,
    /// The time that every response takes in addition to that of a fault.
    pub(crate) latency: Duration,
    /// How long a client may take to send the head of a request, or its body.
    pub(crate) read_timeout: Duration,
}

/// What changes while a sandbox runs. One lock protects all of it: the number of a response, its
/// log entry and its effect belong together.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) accounts: Accounts,
    pub(crate) log: Log,
    pub(crate) schedule: Schedule,
}

/// What the connections of one sandbox share.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    redaction: Redaction,
    state: Mutex<State>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl Context {
    pub(crate) fn new(settings: Settings, state: State) -> Self {
        let headers = settings.services.secret_headers();
        let redaction = Redaction::new(headers, state.accounts.secrets());
        Self {
            settings,
            redaction,
            state: Mutex::new(state),
        }
    }

    /// Locks the state. A test that fails while it holds the lock must not fail every other one.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to a request, and logs both.
    pub(crate) fn respond(&self, target: &str, request: &Request) -> Delivery {
        let Settings {
            services,
            authority,
            clock,
            observer,
            ..
        } = &self.settings;
        let route = Route::of(services, request);
        let operation = route.operation();
        // What needs no state is done before the lock is taken.
        let call = route.prepare(request);
        let target = self.redaction.text(target);
        let headers = self.redaction.headers(&request.headers);
        let body = self.redaction.body(operation, request);
        let now = clock.now();

        let mut state = self.state();
        let State {
            accounts,
            log,
            schedule,
        } = &mut *state;
        let (number, fault) =
            operation.map_or((0, None), |operation| schedule.next_call(operation));
        let tenant = call.tenant(accounts, now);
        let before = accounts.changes();
        let is_executed = fault.is_none_or(|fault| fault.executes());
        let response = is_executed.then(|| call.respond(accounts, authority, now));
        let mut delivery = apply(fault, response, route.responder());
        let (name, id) = route.responder().request_id(log.next_number());
        if let Ok(id) = HeaderValue::from_str(&id) {
            delivery.response.headers.insert(name, id);
        }
        let entry = LogEntry {
            operation: operation.map(str::to_owned),
            call: number,
            tenant: tenant.map(|tenant| accounts.all[tenant].tenant.name.clone()),
            method: request.method.to_string(),
            target,
            headers,
            body,
            outcome: delivery.outcome,
            changed: accounts.changes() != before,
        };
        if let Some(observer) = observer {
            observer(&entry);
        }
        log.push(entry);
        delivery
    }
}
