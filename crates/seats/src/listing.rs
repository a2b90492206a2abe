//! Lazily paginated stream.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream, StreamExt};
use seats_transport::{Exchange, Operation, Transport};

use crate::call;
use crate::error::Error;

/// More pages in a row without an item are not a list.
const EMPTY_PAGES: u32 = 100;
/// A longer token for the next page does not fit into a URL.
const LONGEST_TOKEN: usize = 16 * 1024;

/// One page: its items, and where the next one begins.
pub(crate) struct Page<T> {
    pub items: Vec<T>,
    /// The vendor's token; a blank one is none.
    pub next: Option<String>,
}

type FetchedPage<T> = BoxFuture<'static, Result<(Page<T>, Exchange), Error>>;

/// Fetches a page: where it begins, and how many items it holds at most.
type Fetch<T> = Box<dyn Fn(Option<String>, Option<NonZeroU32>) -> FetchedPage<T> + Send>;

/// A list at a vendor: a lazily paginated [`Stream`] of its items.
///
/// A page is fetched when an item of it is polled for, and not before. The stream holds one page at a
/// time, and a few bytes for each page before, so a long list takes no more memory than a short one. Each
/// page is a call of its own, with the client's attempts and timeouts. It ends after the first error.
///
/// An empty list is something that the vendor said. A response without its list is an error
/// ([`UnreadableResponse`](crate::ErrorKind::UnreadableResponse)), and so is one that may not be whole, or
/// a list that does not end: one whose token for the next page comes a second time, or that has a hundred
/// pages in a row without an item.
///
/// ```
/// # #[cfg(all(feature = "store", feature = "rustls"))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use seats_sandbox::{STORE_TOKEN, Sandbox};
/// # let sandbox = Sandbox::start().await?;
/// # let client =
/// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
/// let mut seats = client.seats("9NBLGGH4R2R6", "0016")?.page_size(2)?;
/// while let Some(seat) = seats.next().await {
///     println!("{:?}", seat?.assigned_to());
/// }
/// // All at once, if the list is known to be short:
/// let seats: Vec<_> = client.seats("9NBLGGH4R2R6", "0016")?.try_collect().await?;
/// assert_eq!(seats.len(), 4);
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "store", feature = "rustls")))] fn main() {}
/// ```
#[must_use = "a list fetches nothing until it is polled"]
pub struct Listing<T> {
    operation: &'static Operation,
    fetch: Fetch<T>,
    sizes: RangeInclusive<u64>,
    size: Option<NonZeroU32>,
    page: std::vec::IntoIter<T>,
    state: State<T>,
    /// How many pages in a row came without an item.
    empty_pages: u32,
    /// A hash of each token so far: tokens can be long, and the list too.
    tokens: HashSet<u64>,
    hasher: RandomState,
}

enum State<T> {
    /// There is a page that begins here.
    More(Option<String>),
    Fetching(FetchedPage<T>),
    Finished,
}

impl<T> Listing<T> {
    /// Creates the list whose pages a generated `method` fetches and `read` makes of their bodies.
    pub(crate) fn new<F>(
        transport: &Transport,
        operation: &'static Operation,
        sizes: RangeInclusive<u64>,
        method: impl Fn(Transport, Option<String>, Option<NonZeroU32>) -> F + Clone + Send + 'static,
        read: fn(&[u8]) -> Result<Page<T>, String>,
    ) -> Self
    where
        T: 'static,
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let transport = transport.clone();
        let fetch = move |token, size| {
            let (transport, method) = (transport.clone(), method.clone());
            let page = async move {
                let method = move |transport| method(transport, token, size);
                call::read(&transport, operation, method, read).await
            };
            page.boxed()
        };
        Self {
            operation,
            fetch: Box::new(fetch),
            sizes,
            size: None,
            page: Vec::new().into_iter(),
            state: State::More(None),
            empty_pages: 0,
            tokens: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Sets how many items a page holds at most. If it is not set, the vendor decides.
    ///
    /// # Errors
    /// The vendor's reference does not allow this size
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput)): the Store has 1 to 100, Datadog at least 1.
    pub fn page_size(mut self, size: u32) -> Result<Self, Error> {
        let allowed = NonZeroU32::new(size).filter(|_| self.sizes.contains(&u64::from(size)));
        if allowed.is_none() {
            let rule = match (self.sizes.start(), self.sizes.end()) {
                (least, &u64::MAX) => format!("must be at least {least}"),
                (least, most) => format!("must be {least} to {most}"),
            };
            return Err(Error::invalid_input("page_size", &size.to_string(), rule));
        }
        self.size = allowed;
        Ok(self)
    }

    /// Returns the next item; none at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        StreamExt::next(self).await
    }

    /// Collects all items. It takes as much memory as they do.
    ///
    /// # Errors
    /// A page could not be fetched or read, or the list does not end. What came before is lost.
    pub async fn try_collect<C: Default + Extend<T>>(mut self) -> Result<C, Error> {
        let mut items = C::default();
        while let Some(item) = self.next().await {
            items.extend([item?]);
        }
        Ok(items)
    }

    /// Goes on with the items of a page, and then with the page after it.
    fn turn_to(&mut self, (page, exchange): (Page<T>, Exchange)) -> Result<(), Error> {
        let next = page.next.filter(|token| !token.trim().is_empty());
        self.empty_pages = if page.items.is_empty() {
            self.empty_pages + 1
        } else {
            0
        };
        let is_too_long = next
            .as_ref()
            .is_some_and(|token| token.len() > LONGEST_TOKEN);
        let is_new = |token: &String| self.tokens.insert(self.hasher.hash_one(token));
        let endless = if is_too_long {
            Some(format!(
                "cannot be read on: the token for its next page has more than {LONGEST_TOKEN} bytes"
            ))
        } else if !next.as_ref().is_none_or(is_new) {
            Some("does not end: the token for its next page has come before".to_owned())
        } else if next.is_some() && self.empty_pages >= EMPTY_PAGES {
            Some(format!(
                "does not end: {EMPTY_PAGES} pages have come without an item"
            ))
        } else {
            None
        };
        if let Some(reason) = endless {
            let reason = format!("the list {reason}");
            return Err(Error::unreadable(self.operation, exchange, reason));
        }
        self.page = page.items.into_iter();
        self.state = match next {
            Some(token) => State::More(Some(token)),
            None => State::Finished,
        };
        Ok(())
    }
}

/// Nothing in it is pinned: the future of a page is in a box of its own.
impl<T> Unpin for Listing<T> {}

impl<T> Stream for Listing<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match &mut self.state {
                State::Finished => return Poll::Ready(None),
                State::More(token) => {
                    let token = token.take();
                    let page = (self.fetch)(token, self.size);
                    self.state = State::Fetching(page);
                }
                State::Fetching(page) => {
                    let page = ready!(page.as_mut().poll(context));
                    if let Err(error) = page.and_then(|page| self.turn_to(page)) {
                        self.state = State::Finished;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("operation", &self.operation.id)
            .field("page_size", &self.size)
            .finish_non_exhaustive()
    }
}
