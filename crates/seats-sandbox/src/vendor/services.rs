//! The vendors with their specifications, and which of them a path belongs to.

use std::sync::LazyLock;

use http::HeaderName;

use super::datadog::Datadog;
use super::entra;
use super::interface::Vendor;
use super::store::Store;
use crate::spec::api::{Api, Operation};
use crate::spec::document::SpecError;

/// A vendor and its specification.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) vendor: &'static dyn Vendor,
    pub(crate) api: Api,
}

/// Both vendors.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) datadog: Service,
    pub(crate) store: Service,
}

impl Services {
    /// Returns the specifications that are compiled in.
    pub(crate) fn embedded() -> Result<&'static Self, &'static SpecError> {
        static SERVICES: LazyLock<Result<Services, SpecError>> = LazyLock::new(|| {
            let datadog = include_str!("../../../../specs/datadog-seats.yaml");
            let store = include_str!("../../../../specs/store-for-business.yaml");
            Ok(Services {
                datadog: Service {
                    vendor: &Datadog,
                    api: Api::read("datadog-seats.yaml", datadog)?,
                },
                store: Service {
                    vendor: &Store,
                    api: Api::read("store-for-business.yaml", store)?,
                },
            })
        });
        SERVICES.as_ref()
    }

    /// Returns the vendor whose paths begin like this one; all others are the authority's.
    pub(crate) fn of_path(&self, path: &str) -> Option<&Service> {
        [&self.store, &self.datadog]
            .into_iter()
            .find(|service| service.api.owns(path))
    }

    fn operations(&self) -> impl Iterator<Item = &Operation> {
        [&self.datadog, &self.store]
            .into_iter()
            .flat_map(|service| service.api.operations())
    }

    /// Returns the names of all operations, by which faults are ordered.
    pub(crate) fn operation_ids(&self) -> Vec<&str> {
        let ids = self.operations().map(|operation| &*operation.id);
        ids.chain(entra::OPERATIONS).collect()
    }

    /// Returns the headers that hold credentials.
    pub(crate) fn secret_headers(&self) -> Vec<HeaderName> {
        self.operations()
            .flat_map(|operation| &operation.security)
            .flatten()
            .map(|scheme| scheme.header().clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_vendor_whose_paths_begin_like_it() {
        let services = Services::embedded().expect("the specifications can be read");
        let prefix = |path| services.of_path(path).map(|service| &*service.api.prefix);
        assert_eq!(prefix("/V1/Inventory"), Some("/V1"));
        assert_eq!(prefix("/V1/"), Some("/V1"));
        assert_eq!(prefix("/api/v2/seats/users"), Some(""));
        assert_eq!(prefix("/api"), Some(""));
        for path in ["/V10/Inventory", "/contoso.example/api", "/", "*"] {
            assert_eq!(prefix(path), None, "{path}");
        }
    }
}
