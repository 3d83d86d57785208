-- What was said, heard and seen is removed when it is old; what moved money stays. Rows are removed only where nothing refers to
-- them, which these indexes answer without reading a whole table.
create index replies_edits on replies (edits) where edits is not null;
create index alert_messages_of_reply on alert_messages (reply_id);
-- What watching has seen, the only events that are ever removed.
create index desk_events_seen on desk_events (id) where type like 'position.%' or type like 'watching.%';

-- What one process does for all of them now and then, and when it was begun last.
create table chores (
  name text primary key,
  begun_at timestamptz not null
);

-- The last message of a person in a conversation, which stays.
create index audit_of_speaker on audit (conversation_id, member_id, heard_at);
drop index audit_of_conversation;

-- What happened to a position, for whoever judges it.
create index desk_events_of_position on desk_events (position_id, id) where position_id is not null;

-- What somebody has to hear of, which is looked for in each sweep among many more that nobody has.
create index desk_events_loud on desk_events (at) where urgency <> 'LOW';
