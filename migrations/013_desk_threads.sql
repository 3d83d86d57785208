-- Whether somebody has spoken with the desk in a thread is asked of a message that was said to nobody and may be a command.
create index audit_of_conversation on audit (conversation_id, member_id);
