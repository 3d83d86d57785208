-- `cover` buys a short position back, and never sells a long one.
update trade_command_aliases set words = 'short' where alias = 'cover' and command = 'trim';
