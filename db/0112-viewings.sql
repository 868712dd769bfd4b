-- Watched minutes are joined into viewings by a better rule (HistoryEntry): a lost, repeated or swapped line, or a rating in between, no longer begins a new entry. Rows
-- packed by the old rule cannot be told from others, so the read model begins again. Meanwhile a history is read from its stream, which gives the same; only lists of people fill up.
truncate read.user_history;
update {schema}.mt_event_progression set last_seq_id = 0 where name = 'UserHistory:All';

comment on column read.user_history.entries is 'Number of packed entries; a viewing, watched minute by minute, is one.';
comment on view read.user_events is 'One row per rating, opening or viewing, in log order per person from position 0; a viewing stands where its last fact does. value: stars, or the furthest minute of the viewing, or 0. minutes: length of the viewing.';
