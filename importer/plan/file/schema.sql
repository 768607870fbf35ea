-- One plan is one file. `pragma application_id` is 0x4f504c4e ("OPLN"), `pragma user_version` the format's number.
-- JSON values stand in the service's notation; {"$action": 7} is the entity that action 7 makes.

create table origin (
    -- What the plan was made from; one row a fact, JSON. Written once, before the plan is sealed.
    name  text not null primary key,
    value text not null
) strict, without rowid;

create table step (
    -- The accounting of a step: `rows` = not_for_step + merged + creates + updates + unchanged + skip + blocked.
    position     integer not null primary key,
    name         text    not null unique,
    to_set       text    not null,
    rows         integer not null,
    outside      integer not null,
    not_for_step integer not null,
    merged       integer not null,
    creates      integer not null,
    updates      integer not null,
    unchanged    integer not null,
    skip         integer not null,
    blocked      integer not null
) strict;

create table action (
    -- One thing to do, or not to do, to one entity.
    id      integer not null primary key,
    step    text    not null,
    to_set  text    not null,
    type    text    not null,
    verb    text    not null,      -- create update delete call unchanged skipped blocked
    title   text    not null,      -- what people call the entity: its match values
    key     text,                  -- JSON: key property -> value; null: the service makes it
    own_key integer not null,      -- 1: `key` is our proposal, sent with a create where the service keeps such keys
    wave    integer not null,      -- 0: writes nothing; else all references are made in smaller waves
    places  text    not null,      -- JSON: the cells it comes from
    body    text    not null,      -- JSON: what is sent, without our own key
    search  text    not null,      -- JSON: lists of property -> value by which a created entity is found again
    guard   text    not null,      -- JSON: property -> value seen when the plan was made
    etag    text,
    after   text    not null,      -- JSON: ids of actions that must be done first
    reason  text
) strict;
create index action_by_wave on action (wave, id);

create table change (
    -- One property of an action, before -> after, in the recipe's order.
    action      integer not null references action (id),
    position    integer not null,
    property    text    not null,
    before      text    not null,  -- JSON
    after       text    not null,  -- JSON
    before_text text,
    after_text  text,
    primary key (action, position)
) strict, without rowid;

create table row_fate (
    -- Every row of every step's table, once.
    step   text    not null,
    file   text    not null,
    sheet  text,
    row    integer not null,
    fate   text    not null,       -- create update unchanged merged skip blocked not_for_step
    action integer,
    reason text
) strict;

create table problem (
    -- A group of equal problems; texts are message ids with their variables, translated when shown.
    position  integer not null primary key,
    code      text    not null,
    severity  text    not null,
    step      text,
    message   text    not null,    -- gettext id
    hint      text    not null,    -- gettext id
    variables text    not null,    -- JSON
    found     text,
    expected  text,
    near      text    not null,    -- JSON
    places    text    not null,    -- JSON, complete
    count     integer not null
) strict;

create table attempt (
    -- The journal: one row per sending of an action, written before the bytes leave (synchronous = full). A row that
    -- was sent and has no outcome is a write of unknown outcome and belongs to recovery. A row never sent is a guard's
    -- refusal: the entity changed since the plan.
    action   integer not null references action (id),
    number   integer not null,     -- 1, 2, …
    sent     text,                 -- UTC, ISO 8601, microseconds; null: nothing was sent
    key      text,                 -- JSON: the key sent with it, if any
    answered text,
    outcome  text,                 -- done failed blocked, pending: proved not to have run; null: no answer yet, or never
    status   integer,              -- HTTP status of this operation, not of its batch
    code     text,                 -- the problem's code, or the service's error code
    message  text,                 -- as the service said it
    made_key text,                 -- JSON: the key the entity has on the service
    etag     text,
    primary key (action, number)
) strict, without rowid;

create table holder (
    -- The process that applies this plan now; at most one row. A dead owner's row is taken over.
    one     integer not null primary key check (one = 1),
    host    text    not null,
    pid     integer not null,
    started real    not null,      -- when that process began: a number given again to another process is not the owner
    since   text    not null
) strict;

create view latest as
    select a.* from attempt a
    where a.number = (select max(b.number) from attempt b where b.action = a.action);

create view actions as
    select action.id, action.step, action.to_set, action.verb, action.title, action.key, action.wave, action.reason,
           case when latest.action is null then 'pending'
                when latest.outcome is null then 'unknown'
                else latest.outcome end as state
    from action left join latest on latest.action = action.id;

create view changes as
    select action.step, action.title, change.action, change.property, change.before, change.after
    from change join action on action.id = change.action;

create view problems as select code, severity, step, message, variables, places, count from problem;

create view journal as
    select attempt.*, action.step, action.title from attempt join action on action.id = attempt.action;
