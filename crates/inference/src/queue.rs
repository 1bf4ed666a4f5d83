//! One queue before each model: what many callers ask for is computed in batches of like length.
//!
//! A model has one thread of its own, which computes with as many more as the machine gives. Before
//! each batch it takes in what has come meanwhile; what a person waits for goes before what is done in
//! the background, so that a query waits for one batch of a re-encoding at most.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use tokio::sync::oneshot;

use crate::{InferenceError, Result, network::Network, tokens::Tokens};

/// Who waits for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A person.
    Interactive,
    /// Nobody: background work.
    Background,
}

/// Tokens in a batch, filling included, at most. More does not compute faster on a CPU, and is longer
/// to wait for.
const BATCH_TOKENS: usize = 2048;
/// Of a batch, at most this share may be filling.
const MOST_FILLING: f64 = 0.1;

type Rows = Vec<Vec<f32>>;

/// What one caller asked for.
struct Ticket {
    inputs: Vec<Tokens>,
    urgency: Urgency,
    reply: oneshot::Sender<Result<Rows>>,
}

/// The callers' end.
#[derive(Debug)]
pub(crate) struct Queue {
    tickets: Sender<Ticket>,
}

impl Queue {
    /// Starts the model's thread; it ends when the queue is dropped.
    pub(crate) fn start(name: &str, network: Network) -> Result<Self> {
        let (tickets, received) = channel();
        thread::Builder::new()
            .name(format!("model-{name}"))
            .spawn(move || Worker { network, received, waiting: VecDeque::new() }.work())
            .map_err(|_| InferenceError::Stopped)?;
        Ok(Self { tickets })
    }

    /// One row for each input, in their order.
    pub(crate) async fn run(&self, inputs: Vec<Tokens>, urgency: Urgency) -> Result<Rows> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let (reply, result) = oneshot::channel();
        let ticket = Ticket { inputs, urgency, reply };
        self.tickets.send(ticket).map_err(|_| InferenceError::Stopped)?;
        result.await.map_err(|_| InferenceError::Stopped)?
    }
}

/// A ticket that is being worked on.
struct Open {
    ticket: Ticket,
    /// Places in the ticket that are not computed yet, longest first.
    left: Vec<usize>,
    rows: Rows,
}

struct Worker {
    network: Network,
    received: Receiver<Ticket>,
    waiting: VecDeque<Open>,
}

impl Worker {
    fn work(mut self) {
        while self.take_in() {
            let urgency = self.most_urgent();
            let batch = self.next_batch(urgency);
            let inputs: Vec<&Tokens> = batch
                .iter()
                .map(|(open, place)| &self.waiting[*open].ticket.inputs[*place])
                .collect();
            // A panic in there must not take the model away from everybody else.
            let run = AssertUnwindSafe(|| self.network.run(&inputs));
            let ran = catch_unwind(run).unwrap_or_else(|_| {
                Err(candle_core::Error::Msg("the network panicked".to_owned()))
            });
            match ran {
                Ok(rows) => {
                    for ((open, place), row) in batch.into_iter().zip(rows) {
                        self.waiting[open].rows[place] = row;
                    }
                    self.answer_finished();
                }
                // A batch that fails would fail again: its callers are told, the others are not harmed.
                Err(error) => {
                    tracing::error!(%error, "a model could not compute a batch");
                    self.refuse(&batch, &error);
                }
            }
        }
    }

    /// Takes in what has come; waits where nothing is left to do. `false` when nobody can ask any more.
    fn take_in(&mut self) -> bool {
        loop {
            while let Ok(ticket) = self.received.try_recv() {
                self.open(ticket);
            }
            // Callers that have gone away need nothing any more.
            self.waiting.retain(|open| !open.ticket.reply.is_closed());
            if !self.waiting.is_empty() {
                return true;
            }
            match self.received.recv() {
                Ok(ticket) => self.open(ticket),
                Err(_) => return false,
            }
        }
    }

    fn open(&mut self, ticket: Ticket) {
        let mut left: Vec<usize> = (0..ticket.inputs.len()).collect();
        left.sort_by_key(|place| std::cmp::Reverse(ticket.inputs[*place].ids.len()));
        let rows = vec![Vec::new(); ticket.inputs.len()];
        self.waiting.push_back(Open { ticket, left, rows });
    }

    fn most_urgent(&self) -> Urgency {
        let is_urgent = |open: &Open| open.ticket.urgency == Urgency::Interactive;
        if self.waiting.iter().any(is_urgent) { Urgency::Interactive } else { Urgency::Background }
    }

    /// The longest input of the oldest ticket of this urgency, and those next in length, of whichever ticket:
    /// nobody waits for ever behind longer texts that keep coming.
    fn next_batch(&mut self, urgency: Urgency) -> Vec<(usize, usize)> {
        let mut lengths: Vec<(usize, usize, usize)> = Vec::new();
        let mut longest = 0;
        for (number, open) in self.waiting.iter().enumerate() {
            if open.ticket.urgency == urgency {
                let length = |place: &usize| open.ticket.inputs[*place].ids.len();
                if lengths.is_empty() {
                    longest = open.left.first().map_or(0, length);
                }
                let fitting = open.left.iter().filter(|place| length(place) <= longest);
                lengths.extend(fitting.map(|place| (length(place), number, *place)));
            }
        }
        lengths
            .sort_by_key(|(length, number, place)| (std::cmp::Reverse(*length), *number, *place));
        let (mut batch, mut tokens) = (Vec::new(), 0);
        for (length, number, place) in lengths {
            let filled = longest * (batch.len() + 1);
            let filling = 1.0 - (tokens + length) as f64 / filled.max(1) as f64;
            if !batch.is_empty() && (filled > BATCH_TOKENS || filling > MOST_FILLING) {
                break;
            }
            tokens += length;
            batch.push((number, place));
        }
        for (number, place) in &batch {
            self.waiting[*number].left.retain(|left| left != place);
        }
        batch
    }

    fn answer_finished(&mut self) {
        let mut waiting = VecDeque::new();
        for open in self.waiting.drain(..) {
            if open.left.is_empty() {
                // A caller that has gone away meanwhile is no failure.
                drop(open.ticket.reply.send(Ok(open.rows)));
            } else {
                waiting.push_back(open);
            }
        }
        self.waiting = waiting;
    }

    fn refuse(&mut self, batch: &[(usize, usize)], error: &candle_core::Error) {
        let failed: Vec<usize> = batch.iter().map(|(number, _)| *number).collect();
        let mut waiting = VecDeque::new();
        for (number, open) in self.waiting.drain(..).enumerate() {
            if failed.contains(&number) {
                let error = candle_core::Error::Msg(error.to_string());
                drop(open.ticket.reply.send(Err(error.into())));
            } else {
                waiting.push_back(open);
            }
        }
        self.waiting = waiting;
    }
}
